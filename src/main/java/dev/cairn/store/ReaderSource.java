package dev.cairn.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes the SQLite driver fit the JDBC client, which prepares each query anew, asks for the type of every parameter before it
 * sets one, for generated keys after every query, and for a column's type at every cell: the driver answers with three
 * exceptions a parameter, a query of its own, and regular expressions over the declared types. Here statements are kept, every
 * parameter is a text until it is set, reading generates no keys, and every query answers the one text that {@link Reads} wants.
 */
final class ReaderSource {
    private static final int MAX_STATEMENTS = 64;

    private static final ParameterMetaData PARAMETERS =
            proxy(ParameterMetaData.class, (method, arguments) -> switch (method.getName()) {
                case "getParameterType" -> Types.VARCHAR;
                case "getParameterTypeName" -> "VARCHAR";
                case "getParameterClassName" -> String.class.getName();
                default -> throw new SQLException(method.getName() + " is not known of a parameter");
            });

    private static final ResultSetMetaData ONE_TEXT =
            proxy(ResultSetMetaData.class, (method, arguments) -> switch (method.getName()) {
                case "getColumnCount" -> 1;
                case "getColumnType" -> Types.VARCHAR;
                case "getColumnTypeName" -> "VARCHAR";
                case "getColumnClassName" -> String.class.getName();
                case "getColumnLabel", "getColumnName" -> "json";
                default -> throw new SQLException(method.getName() + " is not known of a column");
            });

    /** What a method call does instead. */
    private interface Handler {
        @Nullable
        Object call(Method method, @Nullable Object @Nullable [] arguments) throws Throwable;
    }

    private ReaderSource() {}

    static DataSource of(DataSource source) {
        return proxy(DataSource.class, (method, arguments) -> {
            Object answer = invoke(source, method, arguments);
            return answer instanceof Connection connection ? keeping(connection) : answer;
        });
    }

    private static Connection keeping(Connection connection) {
        Map<String, PreparedStatement> statements = new LinkedHashMap<>(MAX_STATEMENTS, 0.75f, true);
        return proxy(Connection.class, (method, arguments) -> {
            if (!method.getName().equals("prepareStatement")
                    || arguments == null
                    || !(arguments[0] instanceof String sql)) {
                return invoke(connection, method, arguments);
            }
            PreparedStatement kept = statements.get(sql);
            if (kept == null) {
                if (statements.size() >= MAX_STATEMENTS) {
                    Iterator<PreparedStatement> eldest = statements.values().iterator();
                    eldest.next().close();
                    eldest.remove();
                }
                kept = connection.prepareStatement(sql);
                statements.put(sql, kept);
            }
            return kept(kept);
        });
    }

    /**
     * Closing it leaves it for its next use, which sets every parameter anew; the connection closes it for good. Its values are not
     * cleared: SQLite would prepare the statement again before its next use, since a plan may rest on them.
     */
    private static PreparedStatement kept(PreparedStatement statement) {
        return proxy(PreparedStatement.class, (method, arguments) -> switch (method.getName()) {
            case "getParameterMetaData" -> PARAMETERS;
            case "getGeneratedKeys", "close" -> null;
            case "getResultSet" -> oneText((ResultSet) invoke(statement, method, arguments));
            default -> invoke(statement, method, arguments);
        });
    }

    private static @Nullable ResultSet oneText(@Nullable ResultSet rows) {
        return rows == null
                ? null
                : proxy(
                        ResultSet.class,
                        (method, arguments) ->
                                method.getName().equals("getMetaData") ? ONE_TEXT : invoke(rows, method, arguments));
    }

    private static @Nullable Object invoke(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(Proxy.newProxyInstance(
                ReaderSource.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> handler.call(method, arguments)));
    }
}
