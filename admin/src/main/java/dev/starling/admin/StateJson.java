package dev.starling.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Makes JSON of what actors tell of themselves. Records become objects; times are text, an actor is its path, and what is
 * absent is null.
 */
final class StateJson {

    private final ObjectMapper mapper;

    StateJson() {
        SimpleModule texts = new SimpleModule();
        texts.addSerializer(Duration.class, asText());
        texts.addSerializer(Instant.class, asText());
        texts.addSerializer(ActorRef.class, new JsonSerializer<>() {
            @Override
            public void serialize(ActorRef value, JsonGenerator out, SerializerProvider context) throws IOException {
                out.writeString(value.path().toStringWithoutAddress());
            }
        });
        texts.addSerializer(Optional.class, new JsonSerializer<>() {
            @Override
            public void serialize(Optional value, JsonGenerator out, SerializerProvider context) throws IOException {
                context.defaultSerializeValue(value.orElse(null), out);
            }
        });
        mapper = new ObjectMapper()
                .registerModule(texts)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);
    }

    private static <T> JsonSerializer<T> asText() {
        return new JsonSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializerProvider context) throws IOException {
                out.writeString(String.valueOf(value));
            }
        };
    }

    String write(Object state) throws JsonProcessingException {
        return mapper.writeValueAsString(state);
    }
}
