using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>The cases on streams of HTTP/2.</summary>
public sealed class Http2AutobahnTests(Http2Loopback loopback) : SocketAutobahnTests(loopback), IClassFixture<Http2Loopback>;
