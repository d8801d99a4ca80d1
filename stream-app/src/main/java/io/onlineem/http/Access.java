package io.onlineem.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Who may ask, and what travels encrypted. Beyond loopback both parts are required; {@link HttpApi} does not start there
 * without them.
 *
 * @param tls the server's key and certificate; empty: plain HTTP
 * @param token what clients have to show; empty: nothing, anybody may ask
 */
public record Access(Optional<SSLContext> tls, Optional<String> token) {

    /** Anybody, unencrypted: for loopback only. */
    public static final Access OPEN = new Access(Optional.empty(), Optional.empty());

    /** Whether it will do beyond loopback. */
    boolean isProtected() {
        return tls.isPresent() && token.isPresent();
    }

    /**
     * The key and certificate of a keystore, for TLS 1.2 and 1.3. Read once: a renewed certificate needs a new start.
     *
     * @param keystore a PKCS #12 or JKS file
     * @param password of the keystore and of the key in it
     * @throws IOException if there is no such key; the message says what to do, and not the password
     */
    public static SSLContext tls(Path keystore, String password) throws IOException {
        char[] secret = password.toCharArray();
        try {
            KeyStore keys = open(keystore, secret);
            boolean found = Collections.list(keys.aliases()).stream().anyMatch(alias -> isKey(keys, alias));
            if (!found) {
                throw new IOException("the keystore " + keystore
                        + " holds no private key; expected one with its certificate, in http.tls.keystore");
            }
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, secret);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        } catch (UnrecoverableKeyException e) {
            throw new IOException(
                    "the key in " + keystore + " has another password than the keystore; expected"
                            + " http.tls.keystorePassword to be that of both",
                    e);
        } catch (GeneralSecurityException e) {
            throw new IOException("the keystore " + keystore + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static KeyStore open(Path keystore, char[] password) throws IOException, GeneralSecurityException {
        if (!Files.isReadable(keystore) || Files.isDirectory(keystore)) {
            throw new IOException("the keystore " + keystore
                    + " is not a file that can be read; expected a PKCS #12 or JKS file in http.tls.keystore");
        }
        try {
            return KeyStore.getInstance(keystore.toFile(), password);
        } catch (IOException e) {
            throw new IOException(
                    e.getCause() instanceof UnrecoverableKeyException
                            ? "the keystore " + keystore + " has another password; expected it in"
                                    + " http.tls.keystorePassword"
                            : "the keystore " + keystore + " cannot be read: " + e.getMessage(),
                    e);
        }
    }

    private static boolean isKey(KeyStore keys, String alias) {
        try {
            return keys.isKeyEntry(alias);
        } catch (GeneralSecurityException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "Access[tls=" + tls.isPresent() + ", token=" + token.isPresent() + "]";
    }
}
