package io.onlineem.config;

import io.onlineem.config.Findings.Place;
import io.onlineem.em.Fields;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is said of a field, and where. Mutable while it is read. */
final class FieldEntry {
    /** Its name. */
    final String field;

    /** Where it is named. */
    final Place place;

    /** Options of its family. */
    final Map<String, String> options = new TreeMap<>();

    /** Where the keys of what is said of it stand. */
    final Map<String, Place> keys = new HashMap<>();

    /** Where the values of what is said of it stand. */
    final Map<String, Place> places = new HashMap<>();

    /** Its family, null if that is not known. */
    String family;

    /** Whether it names its family itself. */
    boolean ownFamily;

    /** Whether it has a strength of the prior of its own, valid or not. */
    boolean ownStrength;

    Optional<Double> strength = Optional.empty();
    Optional<Fields> location = Optional.empty();
    Optional<Boolean> missing = Optional.empty();
    Transform transform = Transform.NONE;

    FieldEntry(String field, Place place) {
        this.field = field;
        this.place = place;
    }

    /** Where something is said of it, or else the field itself. */
    Place placeOf(String what) {
        return places.getOrDefault(what, place);
    }
}
