using System.Net.Sockets;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Frontend.Telemetry;

namespace Interactions.Frontend.Api;

/// <summary>Turns what goes wrong below into problem details; a broken request is the sender's, anything else is logged.</summary>
internal sealed partial class Errors(RequestDelegate next, IWebHostEnvironment environment, TimeProvider time, ILogger<Errors> logger) : IDisposable
{
    private readonly LineLimiter _lines = new(time);

    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            await ExplainAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client left.
        }
        catch (Exception failed) when (Failure.CodeOf(failed) is not Code.Internal)
        {
            await Problem.WriteAsync(http, Failure.CodeOf(failed), Failure.DetailOf(failed));
        }
        catch (BadHttpRequestException bad)
        {
            await Problem.WriteAsync(http, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? Code.TooLarge : Code.BadRequest, bad.Message);
        }
        catch (Exception gone) when (gone is IOException or SocketException && (http.RequestAborted.IsCancellationRequested || http.Response.HasStarted))
        {
            // The client left in the middle of a body, or did not read until the kernel gave its connection up.
            http.Abort();
        }
        catch (Exception broken)
        {
            // Whoever finds a way to break requests must not fill the disk as well.
            if (_lines.TryTake(logger)) LogBroken(logger, broken, http.GetEndpoint()?.DisplayName);
            if (!http.Response.HasStarted) await Problem.WriteAsync(http, Code.Internal);
            else http.Abort();
        }
    }

    // Routing answers unknown paths and methods with a bare status; it has named the methods that are allowed.
    private Task ExplainAsync(HttpContext http)
    {
        var response = http.Response;
        if (response.HasStarted || response.ContentType is not null || http.WebSockets.IsWebSocketRequest) return Task.CompletedTask;
        if (response.StatusCode == StatusCodes.Status405MethodNotAllowed) return Problem.WriteAsync(http, Code.MethodNotAllowed);
        if (response.StatusCode != StatusCodes.Status404NotFound) return Task.CompletedTask;
        if (!IsOfThePage(http.Request)) return Problem.WriteAsync(http, Code.NotFound);
        response.Headers.Allow = "GET, HEAD";
        return Problem.WriteAsync(http, Code.MethodNotAllowed);
    }

    // What serves the page's files passes by all methods but two.
    private bool IsOfThePage(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
        && (request.Path == "/" || environment.WebRootFileProvider.GetFileInfo(request.Path).Exists);

    public void Dispose() => _lines.Dispose();

    [LoggerMessage(Level = LogLevel.Error, Message = "{Endpoint} failed")]
    private static partial void LogBroken(ILogger logger, Exception exception, string? endpoint);
}
