package io.onlineem.live;

import io.onlineem.codec.PublishedModel;
import io.onlineem.observation.Alert;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What is kept of one model. Stream threads add samples and tell what was learned; the clock of {@link LiveModels} turns that
 * into what is shown. All methods are synchronised, all that is kept is bounded.
 */
final class LiveModel {

    /** Records drawn from all, and records of the followed sequence. */
    static final int SAMPLES = 400;

    /** Records of incidents. */
    static final int ANOMALIES = 40;

    /** Incidents. */
    static final int INCIDENTS = 20;

    /** Least likely records of a window. */
    static final int UNLIKELY = 12;

    private final Ring<Sample> samples = new Ring<>(SAMPLES);
    private final Ring<Sample> followed = new Ring<>(SAMPLES);
    private final Ring<Unlikely> anomalies = new Ring<>(ANOMALIES);
    private final Map<String, Told> incidents = new LinkedHashMap<>();
    private final History history = new History();

    private List<Unlikely> unlikely = new ArrayList<>();
    private List<Unlikely> unlikelyBefore = new ArrayList<>();
    private double bound = Double.POSITIVE_INFINITY;

    private PublishedModel<?> learned;
    private long portraitNumber;
    private long unlikelyNumber;
    private long anomalyNumber;
    private OptionalLong pausedSince = OptionalLong.empty();

    /** An unlikely record, and why; null until the clock has found out. */
    record Unlikely(Sample sample, List<Portrait.Reason> reasons) {}

    /**
     * What has become of an incident.
     *
     * @param number grows with everything that becomes of one
     * @param opened when it was first heard of here, in milliseconds
     * @param alert the newest, with the explanation of the newest that has one
     */
    record Told(long number, long opened, Alert alert) {}

    /** What has been learned; drawn when the clock comes by. */
    synchronized void learned(PublishedModel<?> model) {
        learned = model;
    }

    /** Log-likelihood below which a record is one of the least likely ones of its window. */
    synchronized double bound() {
        return bound;
    }

    synchronized void sample(Sample sample) {
        samples.add(sample);
    }

    synchronized void follow(Sample sample) {
        followed.add(sample);
    }

    /** Forgets the sequence that was followed. */
    synchronized void unfollow() {
        followed.clear();
    }

    /** Adds a record of an incident. */
    synchronized void anomaly(Sample sample) {
        anomalies.add(new Unlikely(sample, null));
        anomalyNumber = sample.number();
    }

    /**
     * Something has become of an incident.
     *
     * @param number grows with everything that becomes of one
     * @param now in milliseconds
     */
    synchronized void told(Alert alert, long number, long now) {
        Told before = incidents.get(alert.incident().id());
        Alert newest = before == null || alert.explanation() != null
                ? alert
                : new Alert(
                        alert.model(),
                        alert.stream(),
                        alert.version(),
                        alert.incident(),
                        before.alert().score(),
                        before.alert().explanation());
        incidents.put(alert.incident().id(), new Told(number, before == null ? now : before.opened(), newest));
        if (incidents.size() > INCIDENTS) {
            incidents.remove(incidents.keySet().iterator().next());
        }
    }

    /** Since when it does not learn; empty if it does. */
    synchronized OptionalLong pausedSince() {
        return pausedSince;
    }

    synchronized void pausedSince(OptionalLong since) {
        pausedSince = since;
    }

    synchronized void unlikely(Sample sample) {
        unlikely.add(new Unlikely(sample, null));
        if (unlikely.size() > UNLIKELY) {
            unlikely.remove(unlikely.stream()
                    .max(Comparator.comparingDouble(one -> one.sample().logLikelihood()))
                    .orElseThrow());
        }
        if (unlikely.size() == UNLIKELY) {
            bound = unlikely.stream()
                    .mapToDouble(one -> one.sample().logLikelihood())
                    .max()
                    .orElseThrow();
        }
        unlikelyNumber = sample.number();
    }

    /** Begins a window: records of long ago, when the model knew less, would be the least likely for ever. */
    synchronized void nextWindow() {
        unlikelyBefore = unlikely;
        unlikely = new ArrayList<>();
        bound = Double.POSITIVE_INFINITY;
    }

    /** Draws what was learned and explains what is unlikely. */
    void refresh(long time, long number) {
        PublishedModel<?> undrawn;
        synchronized (this) {
            undrawn = learned;
            learned = null;
        }
        if (undrawn != null) {
            Portrait portrait = Portrait.of(undrawn, time);
            synchronized (this) {
                history.add(portrait);
                portraitNumber = number;
            }
        }
        explain();
    }

    private synchronized void explain() {
        Portrait newest = history.newest();
        if (newest == null) {
            return;
        }
        unlikely.replaceAll(one -> one.reasons() == null
                ? new Unlikely(one.sample(), newest.reasons(one.sample(), LiveModels.MOST_REASONS))
                : one);
    }

    /** The newest portrait; null if there is none. */
    synchronized Portrait newest() {
        return history.newest();
    }

    /** When the newest portrait was drawn, as a number of a sample. */
    synchronized long portraitNumber() {
        return portraitNumber;
    }

    synchronized List<Portrait> portraits() {
        return history.all();
    }

    synchronized List<Sample> samples(long since) {
        return samples.newest(sample -> sample.number() > since);
    }

    synchronized List<Sample> followed(long since) {
        return followed.newest(sample -> sample.number() > since);
    }

    /** Whether there are less likely records than there were. */
    synchronized boolean hasNewUnlikely(long since) {
        return unlikelyNumber > since;
    }

    /** The least likely records of this window and the one before, newest first. */
    synchronized List<Unlikely> unlikely() {
        List<Unlikely> all = new ArrayList<>(unlikelyBefore);
        all.addAll(unlikely);
        all.sort(Comparator.comparingDouble(one -> one.sample().logLikelihood()));
        List<Unlikely> least = new ArrayList<>(all.subList(0, Math.min(UNLIKELY, all.size())));
        least.sort(Comparator.comparingLong(one -> -one.sample().number()));
        return least;
    }

    /** Incidents of which something has become, those that began last at the end. */
    synchronized List<Told> incidents(long since) {
        return incidents.values().stream().filter(told -> told.number() > since).toList();
    }

    /** Whether there are more records of incidents than there were. */
    synchronized boolean hasNewAnomalies(long since) {
        return anomalyNumber > since;
    }

    /** The newest records of incidents, newest first. */
    synchronized List<Unlikely> anomalies() {
        List<Unlikely> all = anomalies.all();
        Collections.reverse(all);
        return all;
    }
}
