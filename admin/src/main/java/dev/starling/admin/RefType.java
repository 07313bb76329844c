package dev.starling.admin;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** {@code ActorRef<C>}: what declarations of states say of the actors they name. */
record RefType(Class<?> commands) implements ParameterizedType {

    /** The type argument; of what is none or has none, {@code Object}. */
    static Type argument(Type type, int index) {
        return type instanceof ParameterizedType generic && index < generic.getActualTypeArguments().length
                ? generic.getActualTypeArguments()[index]
                : Object.class;
    }

    /** How to make the {@code GetState} of the actor that a reference of this type leads to, if it has one. */
    static Optional<Constructor<?>> getState(Type reference) {
        if (!(argument(reference, 0) instanceof Class<?> commands) || commands.getDeclaringClass() == null) {
            return Optional.empty();
        }
        return Arrays.stream(commands.getDeclaringClass().getClasses())
                .filter(type -> type.getSimpleName().equals("GetState") && commands.isAssignableFrom(type))
                .flatMap(type -> Arrays.stream(type.getConstructors()))
                .filter(constructor -> Arrays.equals(constructor.getParameterTypes(), new Class<?>[] {ActorRef.class}))
                .findFirst();
    }

    @Override
    public Type[] getActualTypeArguments() {
        return new Type[] {commands};
    }

    @Override
    public Type getRawType() {
        return ActorRef.class;
    }

    @Override
    public Type getOwnerType() {
        return ActorRef.class;
    }
}
