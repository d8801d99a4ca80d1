package io.onlineem.observation;

import io.onlineem.anomaly.AnomalyScore;
import io.onlineem.anomaly.Detector;
import io.onlineem.anomaly.Explanation;
import io.onlineem.anomaly.Incident;
import java.util.List;

/**
 * What has become of an incident.
 *
 * @param model name of the model
 * @param stream what was watched: the model, with the partition or the key of its records; part of the incident's id
 * @param version version of the parameters with which the newest record was scored; 0 where no record closed it
 * @param incident the incident
 * @param score of the record that opened the incident or made it worse; null where it is over
 * @param explanation of that record; null where it is over
 */
public record Alert(
        String model, String stream, long version, Incident incident, AnomalyScore score, Explanation explanation) {

    /** What is told of the incidents that a record has changed, in order. */
    public static List<Alert> of(
            String model, String stream, long version, Detector.Finding finding, Explanation explanation) {
        return finding.events().stream()
                .map(incident -> incident.isOver()
                        ? over(model, stream, version, incident)
                        : new Alert(model, stream, version, incident, finding.score(), explanation))
                .toList();
    }

    /** What is told of an incident that is over. */
    public static Alert over(String model, String stream, long version, Incident incident) {
        return new Alert(model, stream, version, incident, null, null);
    }
}
