package io.onlineem.cli;

import io.onlineem.codec.FitResult;
import java.util.Locale;

/** What the number of components is chosen by; the lowest is best. */
enum Criterion {
    BIC,
    AIC,
    ICL;

    /** How options and results call it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its value; infinite, hence never best, if there is none. */
    double of(FitResult<?> result) {
        double number =
                switch (this) {
                    case BIC -> result.bic();
                    case AIC -> result.aic();
                    case ICL -> result.icl();
                };
        return Double.isNaN(number) ? Double.POSITIVE_INFINITY : number;
    }
}
