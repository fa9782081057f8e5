namespace Interactions.Silo.Logs.File;

/// <summary>Another process has the log's folder open. It alone may write there.</summary>
public sealed class LogInUseException(string message, Exception? inner = null) : IOException(message, inner);
