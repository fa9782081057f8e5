using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>Through Kestrel with TLS.</summary>
public sealed class TlsLoopback() : KestrelLoopback(HttpProtocols.Http1, isSecure: true);
