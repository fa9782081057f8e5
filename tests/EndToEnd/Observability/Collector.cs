using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Interactions.Tests.EndToEnd.Observability;

/// <summary>As much of an OpenTelemetry collector as takes OTLP over HTTP: keeps every body, answers that all is well.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Collector(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>By path, such as <c>/v1/metrics</c>.</summary>
    public ConcurrentQueue<(string Path, string? ContentType, byte[] Body)> Received { get; } = [];

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var collector = new Collector(app);
        app.MapPost("/{**path}", (RequestDelegate)collector.TakeAsync);
        await app.StartAsync();
        return collector;
    }

    public IEnumerable<byte[]> Of(string path) => Received.Where(one => one.Path == path).Select(one => one.Body);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Received.Enqueue((http.Request.Path, http.Request.ContentType, body.ToArray()));
        http.Response.ContentType = "application/x-protobuf";
    }
}
