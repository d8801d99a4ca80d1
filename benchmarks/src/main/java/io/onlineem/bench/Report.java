package io.onlineem.bench;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** All that was measured, as a table and as JSON. */
record Report(Machine machine, List<Section> sections) {

    private static final JsonFactory FACTORY = new JsonFactory();

    void print(PrintWriter out) {
        out.println(machine.describe());
        out.println();
        sections.forEach(section -> section.print(out));
        out.flush();
    }

    String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeObjectPropertyStart("machine");
            json.writeStringProperty("processor", machine.processor());
            json.writeNumberProperty("processors", machine.processors());
            json.writeNumberProperty("heapBytes", machine.heapBytes());
            json.writeStringProperty("java", machine.java());
            json.writeStringProperty("system", machine.system());
            json.writeStringProperty("kafka", machine.kafka());
            json.writeEndObject();
            for (Section section : sections) {
                json.writeName(section.name());
                section.write(json);
            }
            json.writeEndObject();
        }
        return text.toString();
    }
}
