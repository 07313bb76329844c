package dev.starling.admin;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** Iterators after each other, each begun when the one before has ended. Streams would gather each part first. */
final class Chain<T> implements Iterator<T> {

    private final Iterator<? extends Iterator<? extends T>> parts;
    private Iterator<? extends T> current = List.<T>of().iterator();

    private Chain(Iterator<? extends Iterator<? extends T>> parts) {
        this.parts = parts;
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    static <T> Iterator<T> of(Iterator<? extends T>... parts) {
        return new Chain<>(Arrays.stream(parts).iterator());
    }

    /** What each element makes, in order. */
    static <S, T> Iterator<T> flat(Iterator<? extends S> from, Function<? super S, Iterator<T>> each) {
        return new Chain<T>(map(from, each));
    }

    static <S, T> Iterator<T> map(Iterator<? extends S> from, Function<? super S, ? extends T> each) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return from.hasNext();
            }

            @Override
            public T next() {
                return each.apply(from.next());
            }
        };
    }

    static <T> Iterator<T> one(T element) {
        return List.of(element).iterator();
    }

    @Override
    public boolean hasNext() {
        while (!current.hasNext() && parts.hasNext()) {
            current = parts.next();
        }
        return current.hasNext();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return current.next();
    }
}
