package dev.starling.runtime.control;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Names children after the resources they own, in the characters that an actor's path allows. While a child of that name
 * is still ending, the next one gets a number. Confined to the parent.
 */
public final class ActorNames {

    private final Set<String> taken = new HashSet<>();

    /** A name that no living child has. */
    public String next(String resource) {
        String encoded = resource.isEmpty() ? "_" : URLEncoder.encode(resource, StandardCharsets.UTF_8);
        String name = encoded;
        for (int i = 2; !taken.add(name); i++) {
            name = encoded + "~" + i;
        }
        return name;
    }

    /** The child has ended. */
    public void free(ActorRef<?> child) {
        taken.remove(child.path().name());
    }
}
