package dev.starling.config.proto;

import com.google.protobuf.Any;
import dev.starling.config.Extension;
import dev.starling.config.tls.StaticSecrets;
import org.jspecify.annotations.Nullable;

/** Where a translation stands in the configuration, where its problems go, and how it reaches nested extensions. */
public interface ValidationContext {

    /** The context of a field of this message. */
    ValidationContext field(String name);

    /** The context of an element: {@code field("routes", 3)} for {@code routes[3]}. */
    ValidationContext field(String name, int index);

    /** The context of an entry of a map: {@code entry("labels", "a")} for {@code labels["a"]}. */
    ValidationContext entry(String name, String key);

    /**
     * Records a problem at this place. The resource will be refused; translation goes on to find the others. Of several
     * problems at one place the first stays, so that a translator may repeat what {@code validate.rules} say.
     */
    void problem(String message);

    /**
     * This field is honoured elsewhere but not here, so the check of supported fields let it pass: a problem, or skipped
     * and counted, as other unsupported fields are.
     */
    void unsupported(String message);

    /** Whether any problem was recorded at or below this place. */
    boolean failed();

    /** Where configuration is accepted with a remark, such as a deprecated field. */
    void warning(String message);

    /** Whether a cluster of this name exists, for routes that are validated against the clusters. */
    boolean knowsCluster(String name);

    /** Those of the bootstrap, for what names one of them. */
    StaticSecrets secrets();

    /** What extensions there are. */
    ExtensionRegistry extensions();

    /**
     * Unpacks and translates the extension in the field {@code typed_config} of this message. Null after a problem.
     *
     * @param name the free-text name beside it
     */
    @Nullable
    Extension extension(ExtensionCategory category, String name, Any typedConfig);

    /** The same of the extension that is this message. */
    @Nullable
    Extension extensionHere(ExtensionCategory category, String name, Any config);
}
