package dev.cairn.observer.http;

import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.ModelException;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.VertxException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What it means that no whole answer came. */
final class Breakdown {
    private Breakdown() {}

    static ModelException of(Service service, @Nullable Proxy proxy, Throwable failure, long timeoutMs) {
        if (failure instanceof ModelException known) {
            return known;
        }
        String by = proxy == null ? "" : " through the proxy " + proxy;
        if (failure instanceof HttpExchange.LateException) {
            return new ModelException(
                    Fault.TRANSPORT,
                    service + " gave no whole answer within " + timeoutMs + " ms" + by + "; see observer.timeoutMs");
        }
        if (failure instanceof HttpExchange.AnswerTooLongException) {
            return new ModelException(
                    Fault.PROTOCOL, service + " answered more than " + HttpExchange.MAX_ANSWER + " bytes");
        }
        if (failure instanceof HttpExchange.ClosedException) {
            return new ModelException(Fault.TRANSPORT, "the question was given up: the observer stops");
        }
        if (caused(failure, UnknownHostException.class)) {
            return broken(
                    Fault.TRANSPORT,
                    service + ": the host's name is not known" + by + "; see " + service.setting("url")
                            + " and the network",
                    failure);
        }
        if (caused(failure, CertificateException.class)) {
            return broken(
                    Fault.SETUP,
                    service + ": its certificate is not trusted" + by + " (" + words(service, failure)
                            + "); add its issuer to the Java runtime's trust store",
                    failure);
        }
        if (caused(failure, SSLException.class)) {
            return broken(
                    Fault.TRANSPORT,
                    service + ": no encrypted connection" + by + " (" + words(service, failure) + "); see "
                            + service.setting("url"),
                    failure);
        }
        if (proxy != null && words(service, failure).matches(".*\\b407\\b.*")) {
            return broken(
                    Fault.SETUP,
                    service + ": the proxy " + proxy + " wants user and password; see observer.proxy",
                    failure);
        }
        if (caused(failure, ConnectException.class)) {
            return broken(
                    Fault.TRANSPORT,
                    "nothing answers at " + service.url() + by + "; is the server running? See "
                            + service.setting("url"),
                    failure);
        }
        if (caused(failure, DecoderException.class) || caused(failure, IllegalArgumentException.class)) {
            return broken(
                    Fault.PROTOCOL, service + " answered what is no HTTP (" + words(service, failure) + ")", failure);
        }
        if (caused(failure, VertxException.class) || caused(failure, java.io.IOException.class)) {
            return broken(Fault.TRANSPORT, service + " broke off" + by + " (" + words(service, failure) + ")", failure);
        }
        return broken(
                Fault.PROTOCOL,
                service + " answered what is not understood (" + words(service, failure) + ")",
                failure);
    }

    private static ModelException broken(Fault fault, String message, Throwable cause) {
        return new ModelException(fault, message, null, cause);
    }

    private static boolean caused(@Nullable Throwable failure, Class<? extends Throwable> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (type.isInstance(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static String words(Service service, Throwable failure) {
        String message = failure.getMessage();
        return service.cited(message == null ? failure.getClass().getSimpleName() : message);
    }
}
