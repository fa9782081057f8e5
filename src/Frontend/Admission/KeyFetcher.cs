namespace Interactions.Frontend.Admission;

/// <summary>Fetches a key set over HTTP. Made when there is one to fetch: most services need neither it nor an HTTP client.</summary>
/// <param name="handler">Null = as usual.</param>
internal sealed class KeyFetcher(HttpMessageHandler? handler = null) : IDisposable
{
    private const int MaxBytes = 1 << 20;

    private readonly HttpClient _http = new(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TokenKeys.RefreshEvery })
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = MaxBytes,
    };

    public Task<byte[]> GetAsync(string url, CancellationToken cancellationToken) => _http.GetByteArrayAsync(new Uri(url), cancellationToken);

    public void Dispose() => _http.Dispose();
}
