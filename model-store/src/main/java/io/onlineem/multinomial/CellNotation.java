package io.onlineem.multinomial;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the notation of {@link CellTable}: recursive descent, one character ahead.
 *
 * <pre>
 *   sum     := (complement | product) { "+" product }
 *   product := power { "*" power | "/" power | power }      from left to right; the divisor is a number
 *   power   := atom [ "^" digits ]
 *   atom    := number | name | "(" sum ")"
 *   complement := "1" "-" name { "-" name }                 names of one group: the sum of its other members
 * </pre>
 */
final class CellNotation {

    /** More terms than anyone writes; keeps a power of a sum from exhausting memory. */
    private static final int MOST_TERMS = 10_000;

    /** Products of terms in one multiplication. */
    private static final long MOST_PRODUCTS = 1_000_000;

    private static final int LARGEST_EXPONENT = 1000;

    private static final int DEEPEST = 100;

    /** How much of the text an error shows. */
    private static final int EXCERPT = 24;

    private final List<CellTable.Group> groups;
    private final List<String> probabilities;
    private final String text;
    private int at;
    private int end;
    private int depth;

    private CellNotation(List<CellTable.Group> groups, String text) {
        this.groups = groups;
        this.probabilities =
                groups.stream().flatMap(group -> group.members().stream()).toList();
        this.text = text;
    }

    /** Reads groups of probabilities, such as {@code p,q; A,B,O}. */
    static List<CellTable.Group> groups(String text) {
        List<CellTable.Group> groups = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (String part : text.split(";", -1)) {
            List<String> names = new ArrayList<>();
            for (String untrimmed : part.split(",", -1)) {
                String name = untrimmed.strip();
                if (!isName(name)) {
                    throw new IllegalArgumentException("probabilities '" + text + "' hold the name '" + name
                            + "'; expected letters, digits and _, not beginning with a digit; names separated by commas,"
                            + " groups by semicolons, such as 'p,q; A,B,O'");
                }
                if (!known.add(name)) {
                    throw new IllegalArgumentException(
                            "probabilities '" + text + "' hold the name " + name + " twice; expected each name once");
                }
                names.add(name);
            }
            groups.add(CellTable.Group.of(names));
        }
        return groups;
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && isNameStart(name.charAt(0))
                && name.chars().allMatch(character -> isNamePart((char) character));
    }

    private static boolean isNameStart(char character) {
        return Character.isLetter(character) || character == '_';
    }

    private static boolean isNamePart(char character) {
        return Character.isLetterOrDigit(character) || character == '_';
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    /** Reads cells, such as {@code Aa = 2 p q; other = p^2 + q^2}, in samples separated by {@code |}. */
    static List<CellTable.Cell> cells(List<CellTable.Group> groups, String text) {
        CellNotation notation = new CellNotation(groups, text);
        List<CellTable.Cell> cells = new ArrayList<>();
        Set<String> known = new LinkedHashSet<>();
        int sample = 0;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char separator = i == text.length() ? ';' : text.charAt(i);
            if (separator != ';' && separator != '|') {
                continue;
            }
            boolean trailing = i == text.length()
                    && !cells.isEmpty()
                    && text.substring(start).isBlank();
            if (!trailing) {
                CellTable.Cell cell = notation.cell(start, i, sample);
                if (!known.add(cell.name())) {
                    throw notation.error(
                            start, "the cell " + cell.name() + " was there before; expected each name once");
                }
                cells.add(cell);
            }
            start = i + 1;
            sample += separator == '|' ? 1 : 0;
        }
        return cells;
    }

    private CellTable.Cell cell(int from, int to, int sample) {
        int equals = text.substring(from, to).lastIndexOf('=');
        String name = equals < 0 ? "" : text.substring(from, from + equals).strip();
        if (name.isEmpty()) {
            throw error(from, "expected a cell, such as 'name = p/2 + q^2'");
        }
        at = from + equals + 1;
        end = to;
        Polynomial sum = sum();
        if (peek() != 0) {
            throw unexpected();
        }
        if (sum.isZero()) {
            throw error(from, "the probability of the cell " + name + " is 0; expected a positive one");
        }
        return new CellTable.Cell(name, sample, sum.terms());
    }

    private Polynomial sum() {
        Polynomial sum = complement();
        if (sum == null) {
            sum = product();
        }
        while (peek() == '+') {
            at++;
            sum = limited(sum.plus(product()));
        }
        return sum;
    }

    /** {@code 1 - p}, or null and nothing read. */
    private Polynomial complement() {
        int start = at;
        if (peek() != '1') {
            return null;
        }
        at++;
        if (peek() != '-') {
            at = start;
            return null;
        }
        CellTable.Group group = null;
        Set<String> subtracted = new LinkedHashSet<>();
        while (peek() == '-') {
            int minus = at++;
            int nameAt = skipBlank();
            if (!isNameStart(peek())) {
                throw minus(minus);
            }
            String name = name();
            if (group == null) {
                group = groupOf(name);
            }
            if (!group.members().contains(name) || !subtracted.add(name)) {
                throw error(
                        nameAt,
                        "expected another probability of the group " + group.members() + ", of which 1 - "
                                + String.join(" - ", subtracted) + " is a part");
            }
        }
        char next = peek();
        if (next != 0 && next != ')' && next != '+') {
            throw error(at, "expected ')', '+' or the end after a complement; put it in parentheses, as in (1-p) q");
        }
        Polynomial others = Polynomial.ZERO;
        for (String member : group.members()) {
            if (!subtracted.contains(member)) {
                others = others.plus(Polynomial.probability(probabilities.indexOf(member), probabilities.size()));
            }
        }
        return others;
    }

    private Polynomial product() {
        Polynomial product = power();
        while (true) {
            char next = peek();
            if (next == '*') {
                at++;
                product = times(product, power());
            } else if (next == '/') {
                int slash = at++;
                double divisor = power().constant();
                if (!(divisor > 0)) {
                    throw error(slash, "expected a division by a number other than 0");
                }
                product = product.dividedBy(divisor);
            } else if (next == '(' || isNameStart(next)) {
                product = times(product, power());
            } else if (next == '-') {
                throw minus(at);
            } else {
                return product;
            }
        }
    }

    private Polynomial power() {
        Polynomial base = atom();
        if (peek() != '^') {
            return base;
        }
        at++;
        int start = skipBlank();
        while (at < end && isDigit(text.charAt(at))) {
            at++;
        }
        String digits = text.substring(start, at);
        int exponent = digits.isEmpty() || digits.length() > 4 ? 0 : Integer.parseInt(digits);
        if (exponent < 1 || exponent > LARGEST_EXPONENT) {
            throw error(start, "expected a whole exponent from 1 to " + LARGEST_EXPONENT);
        }
        Polynomial power = base;
        for (int i = 1; i < exponent; i++) {
            power = times(power, base);
        }
        return power;
    }

    private Polynomial atom() {
        char next = peek();
        if (next == '(') {
            int opening = at++;
            if (++depth > DEEPEST) {
                throw error(opening, "expected parentheses at most " + DEEPEST + " deep");
            }
            Polynomial inside = sum();
            depth--;
            if (peek() == 0) {
                throw error(at, "expected ')'");
            }
            if (peek() != ')') {
                throw unexpected();
            }
            at++;
            return inside;
        }
        if (isDigit(next) || next == '.') {
            return number();
        }
        if (isNameStart(next)) {
            String name = name();
            int index = probabilities.indexOf(name);
            if (index < 0) {
                throw unknown(at - name.length(), name);
            }
            return Polynomial.probability(index, probabilities.size());
        }
        if (next == '-') {
            throw minus(at);
        }
        throw error(at, "expected a number, one of the probabilities " + probabilities + ", or '('");
    }

    private Polynomial number() {
        int start = at;
        while (at < end && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        try {
            double value = Double.parseDouble(text.substring(start, at));
            if (Double.isFinite(value)) {
                return Polynomial.constant(value, probabilities.size());
            }
        } catch (NumberFormatException e) {
            // told below, with the place
        }
        throw error(start, "expected a number, such as 2 or 0.25");
    }

    private String name() {
        int start = at;
        while (at < end && isNamePart(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private CellTable.Group groupOf(String name) {
        for (CellTable.Group group : groups) {
            if (group.members().contains(name)) {
                return group;
            }
        }
        throw unknown(at - name.length(), name);
    }

    private Polynomial times(Polynomial one, Polynomial other) {
        if ((long) one.size() * other.size() > MOST_PRODUCTS) {
            throw tooMany();
        }
        return limited(one.times(other));
    }

    private Polynomial limited(Polynomial polynomial) {
        if (polynomial.size() > MOST_TERMS) {
            throw tooMany();
        }
        return polynomial;
    }

    private IllegalArgumentException tooMany() {
        return error(at, "expected at most " + MOST_TERMS + " terms before this");
    }

    /** The next character that is not blank, or 0 at the end. */
    private char peek() {
        skipBlank();
        return at < end ? text.charAt(at) : 0;
    }

    private int skipBlank() {
        while (at < end && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private IllegalArgumentException unexpected() {
        return error(at, "expected +, *, /, ^, a probability, '(', or the end of the cell");
    }

    private IllegalArgumentException unknown(int place, String name) {
        return error(
                place,
                name + " is not one of the probabilities; expected one of " + probabilities
                        + "; a product of two is written A*O or A O");
    }

    private IllegalArgumentException minus(int place) {
        return error(
                place,
                "expected no minus except in a complement, as in (1-p), so that every latent cell has a positive"
                        + " probability");
    }

    private IllegalArgumentException error(int place, String what) {
        int from = place;
        while (from < text.length() && Character.isWhitespace(text.charAt(from))) {
            from++;
        }
        String rest = text.substring(from);
        String where = rest.isEmpty()
                ? "at the end"
                : "character " + (from + 1) + ", at '"
                        + (rest.length() > EXCERPT ? rest.substring(0, EXCERPT) + "…" : rest) + "'";
        return new IllegalArgumentException("cells, " + where + ": " + what);
    }
}
