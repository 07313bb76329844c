package dev.starling.launcher;

import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.proto.ConfigReader;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.proto.support.FieldSupport;
import dev.starling.runtime.BuiltInExtensions;

/** The process: puts the modules together and does what the command line asks for. */
public final class Main {

    private Main() {}

    public static void main(String[] words) {
        LazyTrust.install();
        ExtensionRegistry extensions =
                BuiltInExtensions.register(new ExtensionRegistry.Builder()).build();
        ConfigLoader loader = new ConfigLoader(new ConfigReader(FieldSupport.builtIn(), System.getenv()), extensions);
        Runner runner = new ProxyRunner(
                new BootstrapLoader(loader), new ServerStarter(extensions, loader), System.out, System.err);
        System.exit(
                new Starling(runner, Runtime.getRuntime().availableProcessors(), System.out, System.err).run(words));
    }
}
