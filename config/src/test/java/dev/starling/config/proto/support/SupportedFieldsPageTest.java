package dev.starling.config.proto.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.proto.MessageTypes;
import dev.starling.config.proto.support.FieldStatus.Honoured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SupportedFieldsPageTest {

    private static final Path COMMITTED = Path.of("..", "docs", "supported-fields.md");
    private static final Path GENERATED = Path.of("target", "supported-fields.md");

    @Test
    void isTheCommittedPage() throws IOException {
        String page = SupportedFieldsPage.of(FieldSupport.builtIn());
        Files.writeString(GENERATED, page);

        assertThat(Files.exists(COMMITTED) ? Files.readString(COMMITTED) : "")
                .as("out of date, so: cp config/target/supported-fields.md docs/supported-fields.md")
                .isEqualTo(page);
    }

    @Test
    void namesOnlyMessagesFieldsAndValuesThatExist() {
        FieldSupport.builtIn().messages().forEach((name, fields) -> {
            var type = MessageTypes.find(name);
            assertThat(type).as(name).isPresent();
            fields.forEach((fieldName, status) -> {
                var field = type.get().getDescriptorForType().findFieldByName(fieldName);
                assertThat(field).as(name + "." + fieldName).isNotNull();
                if (status instanceof Honoured(var values)) {
                    values.forEach(value -> assertThat(field.getEnumType().findValueByName(value))
                            .as(name + "." + fieldName + " = " + value)
                            .isNotNull());
                }
            });
        });
    }
}
