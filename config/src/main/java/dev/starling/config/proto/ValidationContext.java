package dev.starling.config.proto;

import com.google.protobuf.Any;
import dev.starling.config.Extension;
import org.jspecify.annotations.Nullable;

/** Where a translation stands in the configuration, where its problems go, and how it reaches nested extensions. */
public interface ValidationContext {

    /** The context of a field of this message: {@code field("routes", 3)} for {@code routes[3]}. */
    ValidationContext field(String name);

    ValidationContext field(String name, int index);

    /** Records a problem at this place. The resource will be refused; translation goes on to find the others. */
    void problem(String message);

    /** Whether any problem was recorded at or below this place. */
    boolean failed();

    /** Where configuration is accepted with a remark, such as a deprecated field. */
    void warning(String message);

    /** Unpacks, checks and translates an extension of the given category. Null after a problem. */
    @Nullable
    Extension extension(ExtensionCategory category, String name, Any typedConfig);
}
