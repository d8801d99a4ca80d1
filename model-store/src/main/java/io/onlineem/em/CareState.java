package io.onlineem.em;

/**
 * What {@link ComponentCare} remembers from one mini-batch to the next. An immutable snapshot: the records belong to it and
 * are not changed.
 *
 * @param recent the newest {@value #RECENT} records of the samples of mini-batches, oldest first; each with the weight of
 *     the records it stands for
 * @param arrived records sampled since the last check
 * @param candidate component that the last check would have set free, or {@link #NONE}
 * @param lastCheck observations counted at the last check; 0 before the first
 * @param lastMove observations counted at the last move; 0 before the first
 */
public record CareState(Observations recent, long arrived, int candidate, long lastCheck, long lastMove) {

    /** Records that are kept. */
    public static final int RECENT = 512;

    /** No component. */
    public static final int NONE = -1;

    /** Nothing seen yet. */
    static CareState start() {
        return new CareState(new Observations(), 0, NONE, 0, 0);
    }

    /** The state after a mini-batch with the given sample, which may be null. */
    CareState with(Observations sample) {
        if (sample == null || sample.size() == 0) {
            return this;
        }
        Observations records = new Observations(RECENT, sample.length(0));
        for (int i = Math.max(0, recent.size() + sample.size() - RECENT); i < recent.size(); i++) {
            records.add(recent, i);
        }
        for (int i = Math.max(0, sample.size() - RECENT); i < sample.size(); i++) {
            records.add(sample, i);
        }
        return new CareState(records, arrived + sample.size(), candidate, lastCheck, lastMove);
    }

    /** Whether to check: the kept records are all new, and it was not done too lately. */
    boolean isDue(long observations, ComponentCare care) {
        return arrived >= RECENT
                && observations - lastCheck >= care.distance() / 2
                && observations - lastMove >= care.distance();
    }

    /** The state after a check without a move. */
    CareState checked(long observations, int newCandidate) {
        return new CareState(recent, 0, newCandidate, observations, lastMove);
    }

    /** The state after a move. */
    CareState moved(long observations) {
        return new CareState(recent, 0, NONE, observations, observations);
    }

    /** The state after a drift: what the stream was like before is of no use. */
    CareState forgotten() {
        return new CareState(new Observations(), 0, NONE, lastCheck, lastMove);
    }
}
