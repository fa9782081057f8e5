namespace Interactions.Frontend.Settings;

/// <summary>How telemetry is sent to a collector.</summary>
internal enum OtlpProtocol
{
    /// <summary>Protobuf over HTTP/1.1; <c>/v1/metrics</c> and the like are appended to the endpoint.</summary>
    HttpProtobuf,

    Grpc,
}
