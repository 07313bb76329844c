package dev.starling.runtime.tls;

import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.ManagerFactoryParameters;

/** A factory, as providers want one, of a key manager that is there already. */
final class OneKeyManager extends SimpleKeyManagerFactory {

    private final KeyManager manager;

    OneKeyManager(KeyManager manager) {
        this.manager = manager;
    }

    @Override
    protected void engineInit(KeyStore store, char[] password) {
        // It has its keys.
    }

    @Override
    protected void engineInit(ManagerFactoryParameters parameters) {
        // It has its keys.
    }

    @Override
    protected KeyManager[] engineGetKeyManagers() {
        return new KeyManager[] {manager};
    }
}
