using System.Net.Sockets;
using Interactions.Frontend.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Interactions.Tests.Frontend.Api;

public sealed class ErrorsTests
{
    [Fact]
    public async Task A_client_whose_connection_was_given_up_leaves_no_line_in_the_log()
    {
        var log = new Lines();
        using var errors = new Errors(_ => throw new SocketException((int)SocketError.TimedOut), null!, TimeProvider.System, log);
        await errors.InvokeAsync(Begun());
        Assert.Equal(0, log.Count);
    }

    [Fact]
    public async Task What_is_broken_here_is_logged()
    {
        var log = new Lines();
        using var errors = new Errors(_ => throw new InvalidOperationException("Broken."), null!, TimeProvider.System, log);
        await errors.InvokeAsync(Begun());
        Assert.Equal(1, log.Count);
    }

    private static DefaultHttpContext Begun()
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseFeature>(new Started());
        return http;
    }

    private sealed class Started : HttpResponseFeature
    {
        public override bool HasStarted => true;
    }

    private sealed class Lines : ILogger<Errors>
    {
        public int Count { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Count++;
    }
}
