using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>Through Kestrel with TLS, as streams of HTTP/2.</summary>
public sealed class Http2Loopback() : KestrelLoopback(HttpProtocols.Http2, isSecure: true);
