package io.onlineem.cli;

import io.onlineem.codec.FitResult;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The choice among fits with different numbers of components.
 *
 * @param criterion what it is made by
 * @param tried at least one fit
 */
record Selection(Criterion criterion, List<FitResult<?>> tried) {

    /** The best fit; a degenerate one, whose likelihood says nothing, only if all are. The first among equals. */
    FitResult<?> best() {
        return tried.stream()
                .min(Comparator.<FitResult<?>, Boolean>comparing(
                                result -> result.fit().degenerate())
                        .thenComparingDouble(criterion::of))
                .orElseThrow();
    }

    /** A table of all fits, the best one marked. */
    String table() {
        FitResult<?> best = best();
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "  %4s %18s %6s %16s %16s %16s  %-9s  %-10s%n",
                "K",
                "log-likelihood",
                "df",
                "BIC",
                "AIC",
                "ICL",
                "converged",
                "degenerate"));
        for (FitResult<?> result : tried) {
            table.append(String.format(
                    Locale.ROOT,
                    "%s %4d %18.4f %6d %16.4f %16.4f %16.4f  %-9s  %s%n",
                    result.spec().components() == best.spec().components() ? "*" : " ",
                    result.spec().components(),
                    result.fit().logLikelihood(),
                    result.degreesOfFreedom(),
                    result.bic(),
                    result.aic(),
                    result.icl(),
                    yesOrNo(result.fit().converged()),
                    yesOrNo(result.fit().degenerate())));
        }
        return table.append(String.format(
                        Locale.ROOT,
                        "* chosen: the lowest %s%s",
                        criterion,
                        best.fit().degenerate() ? ", though degenerate, as all are" : ""))
                .toString();
    }

    private static String yesOrNo(boolean value) {
        return value ? "yes" : "no";
    }
}
