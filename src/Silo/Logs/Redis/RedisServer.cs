using Interactions.Contracts.Log;
using StackExchange.Redis;

namespace Interactions.Silo.Logs.Redis;

/// <summary>
/// A connection to one Redis server that comes back by itself. Every command ends: with its answer, or with
/// <see cref="LogUnavailableException"/> when none came in time, so that the outcome is unknown.
/// </summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly RedisLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ConfigurationOptions _configuration;
    private readonly Lock _gate = new();
    private volatile ConnectionMultiplexer _connection;
    private long? _failingSince;
    private bool _replacing;
    private bool _closed;

    private RedisServer(RedisLogOptions options, TimeProvider time, ConfigurationOptions configuration, ConnectionMultiplexer connection) =>
        (_options, _time, _configuration, _connection) = (options, time, configuration, connection);

    public string Name => _options.Server;

    /// <summary>Raised for each message of a subscribed channel, in order.</summary>
    public event Action<string, byte[]>? Received;

    /// <summary>Raised after the connection was lost and is back: messages may have been missed.</summary>
    public event Action? Restored;

    /// <summary>Connects, or goes on trying in the background when the server is not there yet.</summary>
    /// <exception cref="ArgumentException">The address can't be understood.</exception>
    public static RedisServer Connect(RedisLogOptions options, TimeProvider time)
    {
        var configuration = new ConfigurationOptions { Ssl = options.Tls, Password = options.Password, AbortOnConnectFail = false };
        configuration.EndPoints.Add(options.Server);
        configuration.ConnectRetry = 1;
        configuration.ConnectTimeout = 2000;
        configuration.KeepAlive = 5;
        configuration.SyncTimeout = 5000;
        configuration.AllowAdmin = false;
        configuration.ClientName = "interactions";

        // Pushes have a connection of their own, and a command that can't be sent now is not kept for later: its caller tries again.
        configuration.Protocol = RedisProtocol.Resp2;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        var server = new RedisServer(options, time, configuration, ConnectionMultiplexer.Connect(configuration));
        server.Listen(server._connection);
        return server;
    }

    public Task SubscribeAsync(string channel) => GuardAsync(() => SubscribeOnceAsync(channel));

    public Task UnsubscribeAsync(string channel) =>
        GuardAsync(() => _connection.GetSubscriber().UnsubscribeAsync(RedisChannel.Literal(channel)));

    /// <exception cref="LogUnavailableException">No answer, or one that says that the server can't serve now.</exception>
    /// <exception cref="LogFullException">The server has no room; nothing was done.</exception>
    public Task<RedisResult> RunAsync(string script, RedisKey[] keys, params RedisValue[] arguments) =>
        GuardAsync(() => _connection.GetDatabase().ScriptEvaluateAsync(script, keys, arguments));

    public Task<RedisValue[]> GetAsync(RedisKey hash, params RedisValue[] fields) => GuardAsync(() => _connection.GetDatabase().HashGetAsync(hash, fields));

    public async ValueTask DisposeAsync()
    {
        ConnectionMultiplexer connection;
        lock (_gate)
        {
            _closed = true;
            connection = _connection;
        }

        await connection.CloseAsync(allowCommandsToComplete: false);
        connection.Dispose();
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> command)
    {
        Task<T>? task = null;
        await GuardAsync(() => (Task)(task = command()));
        return await task!;
    }

    // The command is begun in here, for a connection that was just given up for another one throws at once.
    private async Task GuardAsync(Func<Task> command)
    {
        var task = Task.CompletedTask;
        try
        {
            task = command();
            await task.WaitAsync(_options.AnswerWithin);
            NoteAnswer();
        }
        catch (TimeoutException late)
        {
            _ = task.ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default);
            NoteFailure();
            throw new LogUnavailableException($"Redis {Name} did not answer in time.", late);
        }
        catch (RedisServerException refused)
        {
            NoteAnswer();
            if (refused.Message.Contains("'maxmemory'", StringComparison.Ordinal)) throw new LogFullException("Redis has no room (maxmemory).", refused);

            // LOADING, MASTERDOWN, READONLY, MISCONF, NOAUTH …: it can't serve now, and may later.
            throw new LogUnavailableException($"Redis {Name} refused: {refused.Message}", refused);
        }
        catch (Exception gone) when (gone is RedisConnectionException or RedisException and not RedisServerException or ObjectDisposedException or TaskCanceledException)
        {
            NoteFailure();
            throw new LogUnavailableException($"Redis {Name} can't be reached: {gone.GetBaseException().Message}", gone);
        }
    }

    // Without waiting for an answer, so that the library remembers the channel also while there is no connection, and
    // subscribes when there is one. The ping goes the same way, so that what is published after it is heard.
    private async Task SubscribeOnceAsync(string channel)
    {
        var subscriber = _connection.GetSubscriber();
        var pushes = await subscriber.SubscribeAsync(RedisChannel.Literal(channel), CommandFlags.FireAndForget);
        pushes.OnMessage(push => Received?.Invoke(push.Channel!, (byte[])push.Message!));
        await subscriber.PingAsync();
    }

    private void Listen(ConnectionMultiplexer connection) => connection.ConnectionRestored += (_, _) => Restored?.Invoke();

    private void NoteAnswer()
    {
        lock (_gate) _failingSince = null;
    }

    // The library takes 20 s to see that a connection is silent, and may lose one without noticing when threads get little
    // of the processor: each command then fails at once, for ever. Whatever fails for long is given up for a new connection.
    private void NoteFailure()
    {
        var now = _time.GetTimestamp();
        lock (_gate)
        {
            if (_closed || _replacing) return;
            _failingSince ??= now;
            if (_time.GetElapsedTime(_failingSince.Value, now) < _options.AnswerWithin * 3) return;
            _replacing = true;
            _failingSince = null;
        }

        _ = ReplaceAsync();
    }

    private async Task ReplaceAsync()
    {
        ConnectionMultiplexer? unused = null;
        try
        {
            unused = await ConnectionMultiplexer.ConnectAsync(_configuration);
            if (!unused.IsConnected) return; // as good as the one there is: commands that go on failing try again
            Listen(unused);
            lock (_gate)
            {
                if (_closed) return;
                (unused, _connection) = (_connection, unused);
            }

            Replaced?.Invoke();
            Restored?.Invoke();
        }
        catch (Exception)
        {
            // Not even that: commands that go on failing try again.
        }
        finally
        {
            lock (_gate) _replacing = false;
            unused?.Dispose();
        }
    }

    /// <summary>Raised when subscriptions have to be made again.</summary>
    public event Action? Replaced;
}
