package dev.starling.launcher;

import dev.starling.admin.AdminContext;
import dev.starling.config.proto.LoadedBootstrap;
import dev.starling.launcher.log.Logging;
import java.io.IOException;

/** Starts the proxy of a bootstrap: what the command line needs of all the other modules. */
@FunctionalInterface
public interface ProxyStarter {

    /**
     * Returns when the proxy accepts connections, or would in {@code init_only} mode.
     *
     * @param bridges what the admin server shows beside Envoy's pages
     * @throws IOException if it cannot, with a message for the operator, such as an address in use; nothing is left running
     */
    RunningProxy start(LoadedBootstrap bootstrap, Options options, Logging logging, AdminContext.Bridges bridges)
            throws IOException;
}
