namespace Interactions.Frontend.Settings;

/// <summary>What a process is (<c>Cluster:Role</c>).</summary>
internal enum ClusterRole : byte
{
    /// <summary>A silo and a frontend in one process.</summary>
    All,

    /// <summary>Where streams live; serves no viewers.</summary>
    Silo,

    /// <summary>Where viewers live; keeps no streams.</summary>
    Frontend,
}
