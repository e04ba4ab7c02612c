using Plug1.Kernel.Storage;

namespace Plug1.Host.Setup;

/// <summary>What a load balancer asks.</summary>
internal static class Health
{
    /// <summary>Maps <c>/health/live</c>, which the process answers, and <c>/health/ready</c>, which asks the database and its schema.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Text("alive")).ExcludeFromDescription();
        routes.MapGet("/health/ready", Ready).ExcludeFromDescription();
    }

    private static async Task<IResult> Ready(Database database, CancellationToken ct)
    {
        try
        {
            var state = await SchemaState.Of(database, ct);
            return Results.Text(state.IsCurrent ? "ready" : state.Sentence, statusCode: state.IsCurrent ? 200 : 503);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return Results.Text("The database does not answer.", statusCode: 503);
        }
    }
}
