package io.onlineem.topology;

import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.Acknowledgement.Outcome;
import io.onlineem.codec.Command;
import io.onlineem.codec.CommandJson;
import io.onlineem.codec.ControlState;
import io.onlineem.em.Parameters;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies commands to models: each once, whatever comes. What is no command, or one that cannot be applied, is refused with
 * the reason, and changes nothing.
 *
 * @param <P> the parameters of the models
 */
final class Controls<P extends Parameters> {

    /** Longest reason or name that is told; what a sender writes may be megabytes. */
    private static final int LONGEST = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(Controls.class);

    private final Verbs<P> verbs = new Verbs<>();

    /**
     * What a command has come to.
     *
     * @param after the model after it; the same object as before if nothing has changed
     * @param acknowledgement what is told of it
     */
    record Handled<P extends Parameters>(Controlled<P> after, Acknowledgement acknowledgement) {}

    /**
     * Applies a command, or refuses it.
     *
     * @param before the model that it is for
     * @param place where in the control topic it is
     * @param now in milliseconds since the epoch
     */
    Handled<P> handle(Instruction instruction, Controlled<P> before, RecordMetadata place, long now) {
        Command command = null;
        try {
            command = read(instruction);
            ControlState.Applied applied =
                    before.control().applied(command.id()).orElse(null);
            if (applied != null) {
                return new Handled<>(
                        before, told(command, instruction, Outcome.DUPLICATE, null, before, applied.version(), place));
            }
            Verb<P> verb = verbs.of(command.verb());
            command.requireOnly(verb.arguments());
            Controlled<P> after = verb.apply(command, before);
            ControlState.Applied newest = new ControlState.Applied(command.id(), after.version());
            after = after.with(after.control().withApplied(newest).withPausedSince(now));
            return new Handled<>(
                    after, told(command, instruction, Outcome.APPLIED, null, after, after.version(), place));
        } catch (IllegalArgumentException e) {
            return new Handled<>(
                    before,
                    told(command, instruction, Outcome.REFUSED, e.getMessage(), before, before.version(), place));
        } catch (RuntimeException e) {
            // nothing has changed; thrown on, it would stop the stream at every start
            LOG.error("a command to the model {} cannot be applied", before.name(), e);
            String reason =
                    "the command cannot be applied, which is a fault of the application; its log has the cause: " + e;
            return new Handled<>(
                    before, told(command, instruction, Outcome.REFUSED, reason, before, before.version(), place));
        }
    }

    /** Refuses a command because there is no such model here. */
    Acknowledgement refuse(Instruction instruction, String reason, Controlled<P> unchanged, RecordMetadata place) {
        Command command = null;
        try {
            command = read(instruction);
        } catch (IllegalArgumentException e) {
            // it would have been refused for this too
            return told(null, instruction, Outcome.REFUSED, e.getMessage(), unchanged, unchanged.version(), place);
        }
        return told(command, instruction, Outcome.REFUSED, reason, unchanged, unchanged.version(), place);
    }

    private static Command read(Instruction instruction) {
        if (instruction.json() == null) {
            throw new IllegalArgumentException("the record has no value; expected a command, a JSON object");
        }
        return CommandJson.read(instruction.json());
    }

    private static <P extends Parameters> Acknowledgement told(
            Command command,
            Instruction instruction,
            Outcome outcome,
            String reason,
            Controlled<P> model,
            long version,
            RecordMetadata place) {
        return new Acknowledgement(
                command == null ? CommandJson.idOf(instruction.json()).orElse(null) : command.id(),
                command == null ? null : cut(command.verb()),
                cut(instruction.model()),
                outcome,
                version,
                model.observations(),
                model.control().paused(),
                model.control().pausedSince(),
                model.control().stepSize(),
                model.control().skipped(),
                cut(reason),
                place.partition(),
                place.offset());
    }

    private static String cut(String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
