package io.onlineem.codec;

import io.onlineem.em.Observations;
import io.onlineem.em.Statistics;

/**
 * {@link Contribution}s to a model as bytes; the kind in the header tells the two apart.
 *
 * <table>
 * <caption>Batch, version 2</caption>
 * <tr><th>offset</th><th>bytes</th><th>content</th></tr>
 * <tr><td>0</td><td>4</td><td>header, kind batch</td></tr>
 * <tr><td>4</td><td>8</td><td>version of the parameters that the E-step was made with</td></tr>
 * <tr><td>12</td><td>8</td><td>number of observations</td></tr>
 * <tr><td>20</td><td>8</td><td>sum of their weights</td></tr>
 * <tr><td>28</td><td>8</td><td>sum of the weights of those that were scored</td></tr>
 * <tr><td>36</td><td>8</td><td>sum of the weighted log-likelihoods of those, natural logarithm</td></tr>
 * <tr><td>44</td><td>4 + 8 n</td><td>the sums: their number, then the numbers</td></tr>
 * <tr><td>…</td><td>1</td><td>1 if a sample of the records follows, otherwise 0; not in version 1</td></tr>
 * <tr><td>…</td><td>…</td><td>the sample, as {@link ObservationsCodec} writes it, with its own header</td></tr>
 * </table>
 *
 * <table>
 * <caption>Sample, version 1</caption>
 * <tr><th>offset</th><th>bytes</th><th>content</th></tr>
 * <tr><td>0</td><td>4</td><td>header, kind sample</td></tr>
 * <tr><td>4</td><td>…</td><td>the records, as {@link ObservationsCodec} writes them, with their own header</td></tr>
 * </table>
 *
 * <p>Immutable; thread-safe.
 */
public final class ContributionCodec {

    private static final String EXPECTED = "a contribution to a model";
    private static final int FIXED = 5 * Long.BYTES + Integer.BYTES + 1;

    private final int statisticsLength;

    /**
     * A codec of the contributions to one model.
     *
     * @param statisticsLength the model's {@link io.onlineem.em.Model#statisticsLength()}
     */
    public ContributionCodec(int statisticsLength) {
        this.statisticsLength = statisticsLength;
    }

    /**
     * The bytes of a contribution.
     *
     * @throws CodecException if the statistics are those of another model
     */
    public byte[] encode(Contribution contribution) {
        if (contribution instanceof Contribution.Batch batch) {
            return encode(batch);
        }
        byte[] records = ObservationsCodec.encode(((Contribution.Sample) contribution).records());
        return new ByteWriter(Format.SAMPLE, records.length).raw(records).toBytes();
    }

    private byte[] encode(Contribution.Batch batch) {
        Statistics statistics = batch.statistics();
        requireLength(statistics.sums().length);
        byte[] sample = statistics.sample() == null ? new byte[0] : ObservationsCodec.encode(statistics.sample());
        return new ByteWriter(Format.BATCH, FIXED + statistics.sums().length * Double.BYTES + sample.length)
                .int64(batch.version())
                .int64(statistics.observations())
                .number(statistics.weight())
                .number(statistics.scoredWeight())
                .number(statistics.scoredLogLikelihood())
                .vector(statistics.sums())
                .int8(statistics.sample() == null ? 0 : 1)
                .raw(sample)
                .toBytes();
    }

    /**
     * The contribution.
     *
     * @throws CodecException if the bytes are no contribution, of an unknown version, truncated, corrupt, or statistics of
     *     another model
     */
    public Contribution decode(byte[] bytes) {
        if (Format.of(bytes, EXPECTED) == Format.SAMPLE) {
            return new Contribution.Sample(ObservationsCodec.decode(new ByteReader(bytes, Format.SAMPLE).rest()));
        }
        ByteReader in = new ByteReader(bytes, Format.BATCH);
        long version = in.count64("version");
        long observations = in.count64("number of observations");
        double weight = in.weight("weight");
        double scoredWeight = in.weight("scored weight");
        double scoredLogLikelihood = in.number();
        double[] sums = in.vector();
        boolean sampled = in.version() > 1 && in.flag("sample");
        Observations sample = sampled ? ObservationsCodec.decode(in.rest()) : null;
        in.requireEnd();
        requireLength(sums.length);
        Statistics statistics = new Statistics(sums.length);
        System.arraycopy(sums, 0, statistics.sums(), 0, sums.length);
        statistics.count(observations, weight);
        statistics.countScored(scoredWeight, scoredLogLikelihood);
        statistics.setSample(sample);
        return new Contribution.Batch(version, statistics);
    }

    private void requireLength(int length) {
        if (length != statisticsLength) {
            throw new CodecException("statistics have " + length + " sums; expected " + statisticsLength
                    + "; they belong to another model: use another application id or model name, or reset the"
                    + " application");
        }
    }
}
