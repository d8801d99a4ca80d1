package io.onlineem.topology;

import io.onlineem.codec.Command;
import io.onlineem.em.Parameters;
import java.util.Set;

/**
 * A kind of command: what is to be done to a model. A pure function, so that a command that is applied again after a crash
 * does the same; whoever calls it stores what comes out.
 *
 * @param <P> the parameters of the model
 */
interface Verb<P extends Parameters> {

    /** Names of the properties that a command of this kind may have. */
    Set<String> arguments();

    /**
     * The model after the command.
     *
     * @throws IllegalArgumentException if the command is refused; says what is wrong, the value, what was expected, and the
     *     remedy
     */
    Controlled<P> apply(Command command, Controlled<P> before);
}
