package io.onlineem.live;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The newest of what was added, so many at most. Not thread-safe. */
final class Ring<T> {

    private final int capacity;
    private final Deque<T> items = new ArrayDeque<>();

    Ring(int capacity) {
        this.capacity = capacity;
    }

    void add(T item) {
        if (items.size() == capacity) {
            items.removeFirst();
        }
        items.addLast(item);
    }

    void replaceAll(UnaryOperator<T> change) {
        List<T> changed = items.stream().map(change).toList();
        items.clear();
        items.addAll(changed);
    }

    void clear() {
        items.clear();
    }

    /** All, oldest first. */
    List<T> all() {
        return new ArrayList<>(items);
    }

    /** Those at the end that are new, oldest first. */
    List<T> newest(Predicate<T> isNew) {
        Deque<T> found = new ArrayDeque<>();
        for (Iterator<T> backwards = items.descendingIterator(); backwards.hasNext(); ) {
            T item = backwards.next();
            if (!isNew.test(item)) {
                break;
            }
            found.addFirst(item);
        }
        return new ArrayList<>(found);
    }
}
