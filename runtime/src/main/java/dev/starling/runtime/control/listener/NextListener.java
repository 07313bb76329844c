package dev.starling.runtime.control.listener;

import dev.starling.config.Address;
import dev.starling.runtime.control.UpdateResult;
import dev.starling.runtime.control.listener.ListenerActor.Update;
import dev.starling.runtime.listener.ListeningSocket;
import dev.starling.runtime.stats.StatsScope;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A version of a listener that is being made. Counts as warming until it serves or is given up. */
record NextListener(int version, Update update, WarmUp warmUp, ListenerManagerStats stats) {

    /** @param current from which it takes over what stays the same */
    static NextListener begin(
            int version,
            Update update,
            Optional<ServedListener> current,
            StatsScope scope,
            ListenerPorts ports,
            ListenerManagerStats stats) {
        stats.warming().add(1);
        boolean inPlace = current.isPresent() && current.get().differsInFilterChainsOnly(update.config());
        if (inPlace) {
            stats.inPlaceUpdated().inc();
        }
        WarmUp warmUp = new WarmUp(
                update.config(),
                inPlace,
                current.map(serving -> List.copyOf(serving.chains().values())).orElse(List.of()),
                current.map(ServedListener::sockets).orElse(Map.of()),
                scope,
                ports);
        return new NextListener(version, update, warmUp, stats);
    }

    /** Complete when {@link #served} can be called; failed if something cannot be had. */
    CompletionStage<Void> ready() {
        return warmUp.ready();
    }

    /** @param unbound the address to show of what binds none */
    ServedListener served(Function<Address, SocketAddress> unbound) {
        stats.warming().add(-1);
        Map<Address, ListeningSocket> sockets = warmUp.sockets();
        List<SocketAddress> addresses = update.config().bindToPort()
                ? sockets.values().stream().map(ListeningSocket::localAddress).toList()
                : update.config().addresses().stream().map(unbound).toList();
        return new ServedListener(version, update, warmUp.chains(), sockets, addresses, warmUp.filterConfigs());
    }

    void giveUp(UpdateResult why) {
        stats.warming().add(-1);
        warmUp.giveUp();
        update.replyTo().tell(why);
    }
}
