using System.Text.Json;
using Interactions.Frontend.Settings;

namespace Interactions.Frontend.Admission;

/// <summary>
/// The keys that tokens are checked with. Looking one up never waits: the JWK set is read at start, every 5 minutes, and when
/// a token names a key that is not known, then at most every 30 s; until that is done, the token is refused. A set that
/// can't be read leaves the keys held as they are.
/// </summary>
internal sealed partial class TokenKeys : BackgroundService
{
    public static readonly TimeSpan RefreshEvery = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan RefreshAtMostEvery = TimeSpan.FromSeconds(30);

    private readonly AuthOptions _auth;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lazy<VerificationKey>? _shared;
    private readonly KeyFetcher? _fetcher;
    private readonly SemaphoreSlim _wanted = new(0, 1);
    private volatile JsonWebKeys _published = JsonWebKeys.None;
    private long _lastRefresh;

    /// <param name="fetcher">Needed when <see cref="AuthOptions.JwksIsUrl"/>; owned from here.</param>
    public TokenKeys(AuthOptions auth, SharedKey shared, TimeProvider time, ILogger<TokenKeys> log, KeyFetcher? fetcher = null)
    {
        _auth = auth;
        _time = time;
        _log = log;
        _shared = shared.Exists ? new(() => VerificationKey.Hmac(shared.Bytes!), LazyThreadSafetyMode.PublicationOnly) : null;
        _fetcher = fetcher;
    }

    /// <summary>Whether a refresh was asked for that has not begun.</summary>
    internal bool RefreshIsWanted => _wanted.CurrentCount > 0;

    /// <summary>Null: no key of ours is for this algorithm and name.</summary>
    public VerificationKey? Find(string algorithm, string? keyId)
    {
        if (algorithm == "HS256") return _shared?.Value;
        if (_auth.Jwks is null || algorithm is not ("RS256" or "ES256")) return null;
        var key = _published.Find(keyId);
        if (key is null && keyId is not null) WantRefresh();
        return key?.Algorithm == algorithm ? key : null;
    }

    /// <summary>Reads the set now. Does not throw when it can't.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        if (_auth.Jwks is not { } source) return;
        Volatile.Write(ref _lastRefresh, _time.GetTimestamp());
        try
        {
            var bytes = _auth.JwksIsUrl
                ? await _fetcher!.GetAsync(source, cancellationToken)
                : await File.ReadAllBytesAsync(source, cancellationToken);
            var keys = JsonWebKeys.Parse(bytes);
            if (keys.Count == 0) HasNoKeys(source);
            _published = keys;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever is wrong with the other side, the keys that are known stay good until it is back.
            RefreshFailed(exception, source);
        }
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_shared is null && _auth.Jwks is null) NoTokenIsValid();
        await RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _fetcher?.Dispose();
        _wanted.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_auth.Jwks is null) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            using (var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken))
            {
                await Task.WhenAny(_wanted.WaitAsync(either.Token), Task.Delay(RefreshEvery, _time, either.Token));
                await either.CancelAsync();
            }

            if (!stoppingToken.IsCancellationRequested) await RefreshAsync(stoppingToken);
        }
    }

    private void WantRefresh()
    {
        var last = Volatile.Read(ref _lastRefresh);
        if (last != 0 && _time.GetElapsedTime(last) < RefreshAtMostEvery) return;
        if (Interlocked.CompareExchange(ref _lastRefresh, _time.GetTimestamp(), last) != last) return;
        try
        {
            if (_wanted.CurrentCount == 0) _wanted.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else has just asked, or the service ends.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Neither Auth:Key nor Auth:Jwks nor Auth:Dev is set: no token is valid, nobody can send")]
    private partial void NoTokenIsValid();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Auth:Jwks {Source} has no usable key")]
    private partial void HasNoKeys(string source);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Auth:Jwks {Source} can't be read; the keys known so far stay in use")]
    private partial void RefreshFailed(Exception exception, string source);
}
