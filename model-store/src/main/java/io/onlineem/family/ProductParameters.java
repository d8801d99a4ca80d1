package io.onlineem.family;

import io.onlineem.em.Fields;
import java.util.List;

/**
 * Parameters of a product of families.
 *
 * @param components number of components
 * @param names names of the factors
 * @param factors parameters of each factor, all of K components
 */
public record ProductParameters(int components, List<String> names, List<FamilyParameters> factors)
        implements FamilyParameters {

    /** Copies the lists. */
    public ProductParameters {
        names = List.copyOf(names);
        factors = List.copyOf(factors);
    }

    @Override
    public Fields fields() {
        Fields nested = new Fields();
        for (int f = 0; f < factors.size(); f++) {
            nested.with(names.get(f), factors.get(f).fields());
        }
        return new Fields().with(ProductFamily.FACTORS, nested);
    }
}
