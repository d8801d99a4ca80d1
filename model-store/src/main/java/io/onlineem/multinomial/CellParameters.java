package io.onlineem.multinomial;

import io.onlineem.em.Fields;
import io.onlineem.em.Parameters;
import java.util.List;

/**
 * The probabilities on which cells depend. Fields: {@code probabilities}, by name, complements left out; and {@code cells},
 * the fitted probability of each observed cell, which follows from them and is not read back.
 *
 * @param table the cells
 * @param probabilities one for each of {@link CellTable#probabilities()}; positive, those of a group sum to one
 */
public record CellParameters(CellTable table, double[] probabilities) implements Parameters {

    @Override
    public Fields fields() {
        Fields byName = new Fields();
        int l = 0;
        for (CellTable.Group group : table.groups()) {
            for (String member : group.members()) {
                if (!(group.complementary() && member.equals(group.members().get(1)))) {
                    byName.with(member, probabilities[l]);
                }
                l++;
            }
        }
        Fields fitted = new Fields();
        double[] ofCells = new CellShares(table, probabilities).probabilities();
        List<String> names = table.cells();
        for (int c = 0; c < ofCells.length; c++) {
            fitted.with(names.get(c), ofCells[c]);
        }
        return new Fields().with("probabilities", byName).with("cells", fitted);
    }
}
