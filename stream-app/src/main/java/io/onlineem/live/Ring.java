package io.onlineem.live;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/** The newest of what was added, so many at most. Not thread-safe. */
final class Ring<T> {

    private final int capacity;
    private final Deque<T> items;

    Ring(int capacity) {
        this.capacity = capacity;
        this.items = new ArrayDeque<>();
    }

    void add(T item) {
        if (items.size() == capacity) {
            items.removeFirst();
        }
        items.addLast(item);
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
