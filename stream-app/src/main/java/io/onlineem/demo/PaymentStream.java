package io.onlineem.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Card payments of a month: groceries, web shops, restaurants, fuel and travel, each with its amounts, times of day,
 * countries and ways to pay. One in two hundred is a fraud: tiny test payments at night, a stolen card emptied abroad, a
 * purchase far too large.
 */
final class PaymentStream {

    private static final double FRAUD = 0.005;
    private static final int CARDS = 400;

    private final Draws draws;

    private PaymentStream(long seed) {
        draws = new Draws(seed);
    }

    static List<ExampleRecord> generate(int records, long seed) {
        PaymentStream stream = new PaymentStream(seed);
        List<ExampleRecord> generated = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            generated.add(stream.draws.chance(FRAUD) ? stream.fraud() : stream.payment());
        }
        return generated;
    }

    private ExampleRecord payment() {
        return switch (draws.weighted(0.36, 0.24, 0.2, 0.12, 0.08)) {
            case 0 -> groceries();
            case 1 -> webShop();
            case 2 -> restaurant();
            case 3 -> fuel();
            default -> travel();
        };
    }

    private ExampleRecord groceries() {
        return record(draws.logNormal(26, 0.6), draws.hour(16.5, 3), home(0.97), atTheTill(0.7), "");
    }

    private ExampleRecord webShop() {
        String country = draws.chance(0.65) ? "DE" : draws.oneOf("NL", "NL", "US", "GB", "IE");
        return record(draws.logNormal(42, 0.8), draws.hour(20, 3), country, "online", "");
    }

    private ExampleRecord restaurant() {
        double hour = draws.chance(0.4) ? draws.hour(12.8, 0.7) : draws.hour(20, 1.3);
        return record(draws.logNormal(31, 0.5), hour, home(0.94), atTheTill(0.5), "");
    }

    private ExampleRecord fuel() {
        return record(draws.logNormal(62, 0.25), draws.hour(10, 4.5), home(0.95), atTheTill(0.2), "");
    }

    private ExampleRecord travel() {
        String country = draws.oneOf("FR", "IT", "ES", "AT", "CH", "DE");
        return record(
                draws.logNormal(140, 0.6), draws.hour(14, 4), country, draws.chance(0.55) ? "online" : "chip", "");
    }

    private ExampleRecord fraud() {
        return switch (draws.below(3)) {
            case 0 ->
                record(
                        draws.between(0.1, 0.6),
                        draws.between(0, 6),
                        draws.oneOf("US", "GB", "BR", "CA", "CZ", "PL", "SE", "PT"),
                        "online",
                        "card testing");
            case 1 ->
                record(
                        draws.logNormal(420, 0.3),
                        draws.hour(3, 1.5),
                        draws.oneOf("BR", "ID", "TH"),
                        draws.oneOf("online", "contactless"),
                        "cash-out");
            default -> record(draws.logNormal(2600, 0.3), draws.hour(15, 4), home(0.9), "chip", "far too large");
        };
    }

    private String home(double probability) {
        return draws.chance(probability) ? "DE" : draws.oneOf("AT", "FR", "NL", "CH");
    }

    private String atTheTill(double contactless) {
        return draws.chance(contactless) ? "contactless" : "chip";
    }

    private ExampleRecord record(double amount, double hour, String country, String channel, String anomaly) {
        String card = String.format(Locale.ROOT, "card-%03d", draws.below(CARDS));
        String json = String.format(
                Locale.ROOT,
                "{\"card\":\"%s\",\"amount\":%.2f,\"hour\":%.3f,\"country\":\"%s\",\"channel\":\"%s\"}",
                card,
                Math.max(0.01, amount),
                hour,
                country,
                channel);
        return new ExampleRecord(card, json, anomaly);
    }
}
