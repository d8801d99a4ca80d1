package io.onlineem.topology;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.streams.processor.TaskId;
import org.slf4j.MDC;

/** What tells, beside the message, whom a log event of a task is about: fields {@code model}, {@code partition} and {@code task}. */
final class TaskLog {

    private final Map<String, String> fields = new LinkedHashMap<>();

    TaskLog(String model, TaskId task) {
        fields.put("model", model);
        fields.put("partition", Integer.toString(task.partition()));
        fields.put("task", task.toString());
    }

    /** Logs with the fields; nothing is kept for the thread, which runs other tasks too. */
    void with(Runnable log) {
        fields.forEach(MDC::put);
        try {
            log.run();
        } finally {
            fields.keySet().forEach(MDC::remove);
        }
    }
}
