using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>The cases through Kestrel with TLS.</summary>
public sealed class TlsAutobahnTests(TlsLoopback loopback) : SocketAutobahnTests(loopback), IClassFixture<TlsLoopback>;
