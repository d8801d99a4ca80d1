package io.onlineem.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Log messages of a shop's services: payments, logins, storage, deliveries and backups, each said in many ways, with numbers and
 * names that do not come again. A third of the messages are of two subjects at once; from the middle on there is a subject that
 * was not there before, with words that nobody had used.
 */
final class LogStream {

    /** The subjects, in the order in which the messages below are. */
    private static final String[] SUBJECTS = {"payments", "logins", "storage", "deliveries", "certificates"};

    /** The subject that begins later. */
    private static final int LATE = 4;

    private static final double TWO_SUBJECTS = 0.35;
    private static final String[] LEVELS = {"INFO", "INFO", "INFO", "WARN", "ERROR"};

    private static final String[][] PHRASES = {
        {
            "payment of order %d accepted by the bank",
            "card of customer %d declined, the bank asks for another",
            "refund of order %d booked to the card",
            "invoice %d sent to the customer",
            "amount of the invoice does not match the payment",
            "bank took %d ms to answer for the card"
        },
        {
            "user %s logged in from a new address",
            "password of user %s is wrong, attempt %d",
            "session of user %s expired",
            "token refreshed for the session",
            "user %s asked for a new password",
            "too many attempts, account of user %s locked"
        },
        {
            "disk of node %s is %d percent full",
            "volume mounted on node %s",
            "write to the disk took %d ms",
            "cleanup freed %d megabytes on the volume",
            "node %s reports bad blocks on its disk",
            "replica of the volume rebuilt on node %s"
        },
        {
            "parcel %d left the warehouse",
            "carrier delays the parcel by %d hours",
            "address of the parcel is not complete",
            "stock of the warehouse is low, %d pieces left",
            "parcel %d returned to the warehouse by the carrier",
            "label printed for the carrier"
        },
        {
            "certificate of host %s expires in %d days",
            "handshake with host %s failed, issuer unknown",
            "certificate renewed by the issuer",
            "cipher of host %s is outdated",
            "handshake took %d ms with an old cipher",
            "chain of the certificate lacks its issuer"
        }
    };

    private final Draws draws;

    private LogStream(long seed) {
        draws = new Draws(seed);
    }

    static List<ExampleRecord> generate(int records, long seed) {
        LogStream stream = new LogStream(seed);
        List<ExampleRecord> generated = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            generated.add(stream.message(i < records / 2 ? LATE : SUBJECTS.length));
        }
        return generated;
    }

    private ExampleRecord message(int subjects) {
        int subject = draws.below(subjects);
        StringBuilder text = new StringBuilder(phrase(subject)).append("; ").append(phrase(subject));
        if (draws.chance(TWO_SUBJECTS)) {
            text.append("; ").append(phrase(draws.below(subjects)));
        }
        String level = draws.oneOf(LEVELS);
        String host = "host-" + draws.below(6);
        String json =
                String.format(Locale.ROOT, "{\"host\":\"%s\",\"level\":\"%s\",\"message\":\"%s\"}", host, level, text);
        return new ExampleRecord(host, json, SUBJECTS[subject]);
    }

    private String phrase(int subject) {
        String phrase = draws.oneOf(PHRASES[subject]);
        String name = Integer.toString(36 * 36 * 36 + draws.below(35 * 36 * 36 * 36), 36);
        int number = draws.below(10_000);
        return phrase.replace("%s", name).replace("%d", Integer.toString(number));
    }
}
