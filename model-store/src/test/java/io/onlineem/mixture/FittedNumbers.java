package io.onlineem.mixture;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.family.FamilyParameters;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The parameters of mixtures of two components as vectors, the smaller component first in every field. */
final class FittedNumbers {

    private FittedNumbers() {}

    /**
     * The numbers of all fields that another set of fields has too.
     *
     * @param like names the fields; each an array over the components
     */
    static double[] of(MixtureParameters<?> parameters, Fields like) {
        Fields fields = parameters.fields();
        int smaller = parameters.weights()[0] < parameters.weights()[1] ? 0 : 1;
        return like.names().stream()
                .map(fields::get)
                .flatMapToDouble(field -> IntStream.of(smaller, 1 - smaller)
                        .mapToObj(k -> Array.get(field, k))
                        .flatMapToDouble(FittedNumbers::flat))
                .toArray();
    }

    private static DoubleStream flat(Object field) {
        if (field instanceof double[][] matrix) {
            return Arrays.stream(matrix).flatMapToDouble(Arrays::stream);
        }
        return field instanceof double[] vector ? Arrays.stream(vector) : DoubleStream.of((Double) field);
    }

    /** Standard errors of a fit to all data, from the spread of fits to parts of it. */
    static <P extends FamilyParameters> double[] standardErrors(
            Mixture<P> model,
            MixtureParameters<P> start,
            Observations data,
            int parts,
            Fields like,
            BatchEm.Stopping stopping) {
        BatchEm<MixtureParameters<P>> em = new BatchEm<>(model);
        List<double[]> ofParts = IntStream.range(0, parts)
                .mapToObj(part -> data.slice(part * data.size() / parts, (part + 1) * data.size() / parts))
                .map(part -> of(em.climb(part, start, stopping).parameters(), like))
                .toList();
        return IntStream.range(0, ofParts.get(0).length)
                .mapToDouble(i -> deviation(ofParts.stream().mapToDouble(part -> part[i])) / Math.sqrt(parts))
                .toArray();
    }

    private static double deviation(DoubleStream numbers) {
        double[] all = numbers.toArray();
        double mean = Arrays.stream(all).average().orElseThrow();
        return Math.sqrt(Arrays.stream(all).map(x -> (x - mean) * (x - mean)).sum() / (all.length - 1));
    }
}
