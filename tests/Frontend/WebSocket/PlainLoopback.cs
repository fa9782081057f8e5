using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>Through Kestrel, as a connection that was kept alive, or any on other systems than Linux.</summary>
public sealed class PlainLoopback() : KestrelLoopback(HttpProtocols.Http1, isSecure: false);
