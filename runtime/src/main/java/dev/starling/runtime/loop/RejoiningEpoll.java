package dev.starling.runtime.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;

/**
 * Netty's epoll, except that a socket from which nothing is wanted for a while is still heard when it breaks, and can be
 * wanted again. Netty 4.2.18 takes such a socket out of its set and then modifies what is not there: a connection whose
 * peer has ended and that is not read could never be read again, nor written past a full buffer.
 */
final class RejoiningEpoll implements IoHandler {

    /** EPOLLHUP of Linux, which Netty does not name: both directions are over. Reported for ever, wanted or not. */
    private static final EpollIoOps HANGUP = EpollIoOps.valueOf(0x10);

    private final IoHandler epoll;

    private RejoiningEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory factory() {
        IoHandlerFactory epolls = EpollIoHandler.newFactory();
        return executor -> new RejoiningEpoll(epolls.newHandler(executor));
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        Registration registration = new Registration((EpollIoHandle) handle);
        handle.registered();
        return registration;
    }

    /** A socket's place in the set, which it leaves and joins again without its channel noticing. */
    @SuppressWarnings("try") // Netty's handles close with whatever exception
    private final class Registration implements IoRegistration, EpollIoHandle {

        private final EpollIoHandle handle;
        private IoRegistration place;
        private EpollIoOps wanted = EpollIoOps.NONE;
        private boolean inSet;
        private boolean left;

        Registration(EpollIoHandle handle) throws Exception {
            this.handle = handle;
            this.place = epoll.register(this);
        }

        /** Netty asks once for nothing before it has asked for anything: that stays as it is. */
        @Override
        public long submit(IoOps ops) {
            wanted = (EpollIoOps) ops;
            if (left && !nothingWanted()) {
                rejoin();
            }
            if (left || (!inSet && nothingWanted())) {
                return 0;
            }
            inSet = true;
            return place.submit(nothingWanted() ? EpollIoOps.EPOLLERR : wanted);
        }

        private boolean nothingWanted() {
            return wanted.value() == 0;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            handle.handle(this, event);
            if (nothingWanted()
                    && inSet
                    && isValid()
                    && ((EpollIoEvent) event).ops().contains(HANGUP)) {
                leave();
            }
        }

        private void leave() {
            left = true;
            inSet = false;
            place.submit(EpollIoOps.NONE);
        }

        private void rejoin() {
            left = false;
            place.cancel();
            try {
                place = epoll.register(this);
            } catch (Exception impossible) {
                throw new IllegalStateException("the set takes a socket but once", impossible);
            }
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's interface asks for it
        public <T> T attachment() {
            return place.attachment();
        }

        @Override
        public boolean isValid() {
            return place.isValid();
        }

        @Override
        public boolean cancel() {
            boolean cancelled = place.cancel();
            if (cancelled) {
                handle.unregistered();
            }
            return cancelled;
        }

        @Override
        public FileDescriptor fd() {
            return handle.fd();
        }

        @Override
        public void close() throws Exception {
            handle.close();
        }
    }

    // ---- as it is ---------------------------------------------------------------------------------------------------

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }
}
