using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Rocks;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Interactions.Silo.Logs.Redis;

/// <summary>
/// A connection to one Redis server that comes back by itself. Every command ends: with its answer, or with
/// <see cref="LogUnavailableException"/> when none came in time, so that the outcome is unknown. Safe for any thread.
/// </summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly RedisLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConfigurationOptions _configuration;
    private readonly Lock _gate = new();
    private volatile ConnectionMultiplexer _connection;

    /// <summary>Which start of the server the connection is to; null = it was not looked at yet, or can't be used.</summary>
    private volatile string? _run;

    private long? _failingSince;
    private bool _replacing;
    private bool _looking;
    private bool _looksAgain;
    private bool _hasSaidEarlier;
    private bool _closed;

    private RedisServer(RedisLogOptions options, TimeProvider time, ILogger logger, ConfigurationOptions configuration)
    {
        (_options, _time, _logger, _configuration) = (options, time, logger, configuration);
        _connection = ConnectionMultiplexer.Connect(configuration);
        Listen(_connection);
    }

    public string Name => _options.Server;

    /// <summary>Raised once for each time that the server is found to have been started again.</summary>
    public event Action? Restarted;

    private string EarlierVersion =>
        $"Redis {Name} holds the streams of an earlier version of this service, which this one can't read. Use another server in Log:Redis, or delete its keys i:*.";

    /// <summary>Connects, or goes on trying in the background when the server is not there yet.</summary>
    /// <exception cref="ArgumentException">The address can't be understood.</exception>
    /// <exception cref="LogRefusedException">It holds streams of an earlier version.</exception>
    public static RedisServer Connect(RedisLogOptions options, TimeProvider time, ILogger logger)
    {
        var configuration = new ConfigurationOptions { Ssl = options.Tls, Password = options.Password, AbortOnConnectFail = false };
        configuration.EndPoints.Add(options.Server);
        configuration.ConnectRetry = 1;
        configuration.ConnectTimeout = 2000;
        configuration.ReconnectRetryPolicy = new LinearRetry(500);
        configuration.KeepAlive = 5;
        configuration.SyncTimeout = 5000;
        configuration.AllowAdmin = false;
        configuration.ClientName = "interactions";
        configuration.Protocol = RedisProtocol.Resp2;

        // Nothing is published, so there is no second connection for it.
        configuration.CommandMap = CommandMap.Create(["SUBSCRIBE"], available: false);

        // A command that can't be sent now is not kept for later: its caller tries again.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        var server = new RedisServer(options, time, logger, configuration);
        server.LookAtOnce();
        return server;
    }

    /// <exception cref="LogUnavailableException">No answer, or one that says that the server can't serve now.</exception>
    /// <exception cref="LogFullException">The server has no room; nothing was done.</exception>
    public Task<RedisResult> RunAsync(string script, RedisKey[] keys, CancellationToken cancellationToken, params RedisValue[] arguments) =>
        CommandAsync(database => database.ScriptEvaluateAsync(script, keys, arguments), cancellationToken);

    /// <inheritdoc cref="RunAsync"/>
    public async Task<T> CommandAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answer = AnswerAsync(command);
        try
        {
            return await answer.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Observe(answer); // it goes on, so that a server that does not answer is noticed
            throw;
        }
    }

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

    private static void Observe(Task? task) => task?.ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default);

    private async Task<T> AnswerAsync<T>(Func<IDatabase, Task<T>> command)
    {
        if (_run is null) await LookAsync();
        return await GuardAsync(command);
    }

    // The command is begun in here, for a connection that was just given up for another one throws at once.
    private async Task<T> GuardAsync<T>(Func<IDatabase, Task<T>> command)
    {
        Task<T>? task = null;
        try
        {
            task = command(_connection.GetDatabase());
            var answer = await task.WaitAsync(_options.AnswerWithin);
            NoteAnswer();
            return answer;
        }
        catch (TimeoutException late)
        {
            Observe(task);
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

    private void Listen(ConnectionMultiplexer connection) => connection.ConnectionRestored += (_, _) => Look();

    // A server that is not there, or can't answer yet, is looked at by the first command that reaches it.
    private void LookAtOnce()
    {
        if (!_connection.IsConnected) return;
        RedisResult answer;
        try
        {
            answer = _connection.GetDatabase().ScriptEvaluate(RedisScript.Server, RedisKeys.EarlierVersion);
        }
        catch (Exception failed) when (failed is RedisException or TimeoutException)
        {
            return;
        }

        if (Note(answer)) return;
        _connection.Dispose();
        throw new LogRefusedException(EarlierVersion);
    }

    private async Task LookAsync()
    {
        if (Note(await GuardAsync(static database => database.ScriptEvaluateAsync(RedisScript.Server, RedisKeys.EarlierVersion)))) return;
        if (!Interlocked.Exchange(ref _hasSaidEarlier, true)) RedisLogMessages.EarlierVersion(_logger, EarlierVersion);
        throw new LogUnavailableException(EarlierVersion);
    }

    // False: it can't be used.
    private bool Note(RedisResult answer)
    {
        var parts = (RedisResult[])answer!;
        if ((long)parts[1] > 0) return false;
        var run = (string)parts[0]!;
        string? before;
        lock (_gate) (before, _run) = (_run, run);
        if (before is null || before == run) return true;
        RedisLogMessages.Restarted(_logger, Name);
        Restarted?.Invoke();
        return true;
    }

    /// <summary>Looks, beside and until it is answered, whether the server was started again.</summary>
    private void Look()
    {
        lock (_gate)
        {
            _looksAgain = true;
            if (_looking || _closed) return;
            _looking = true;
        }

        _ = Task.Run(LookUntilAnsweredAsync);
    }

    private async Task LookUntilAnsweredAsync()
    {
        while (true)
        {
            lock (_gate)
            {
                _looking = _looksAgain && !_closed;
                _looksAgain = false;
                if (!_looking) return;
            }

            try
            {
                await LookAsync();
            }
            catch (Exception failed) when (failed is LogUnavailableException or LogFullException)
            {
                lock (_gate) _looksAgain = true;
                await Task.Delay(LookAgainAfter, _time);
            }
        }
    }

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

            Look();
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
}
