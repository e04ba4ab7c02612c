using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Plug1.Http.Security;

/// <summary>How much one address and one user may ask for. A bucket is emptied by requests and filled again every second.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Sign-ins of one address at once.</summary>
    public int SignInBurst { get; set; } = 120;

    /// <summary>Sign-ins of one address a second in the long run.</summary>
    public int SignInsPerSecond { get; set; } = 2;

    /// <summary>Writes of one user at once.</summary>
    public int WriteBurst { get; set; } = 2_000;

    /// <summary>Writes of one user a second in the long run: far above what a till does, since an import may use the API too.</summary>
    public int WritesPerSecond { get; set; } = 500;
}

/// <summary>Keeps guessers and runaway programs from everybody else's way.</summary>
public static class RateLimits
{
    /// <summary>The policy of signing in and of second persons.</summary>
    public const string SignIn = "sign-in";

    /// <summary>Adds the limits.</summary>
    public static IServiceCollection AddPlug1RateLimits(this IServiceCollection services, Action<RateLimitOptions>? configure = null)
    {
        services.AddOptions<RateLimitOptions>().Configure(options => configure?.Invoke(options));
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitOptions>>((limiter, limits) =>
        {
            limiter.RejectionStatusCode = 429;
            limiter.OnRejected = Reject;
            limiter.AddPolicy(SignIn, context => Bucket($"sign-in {Address(context)}", limits.Value.SignInBurst, limits.Value.SignInsPerSecond));
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => IsWrite(context)
                ? Bucket($"write {RequestActor.Of(context)?.Actor.UserId.ToString("D") ?? Address(context)}", limits.Value.WriteBurst, limits.Value.WritesPerSecond)
                : RateLimitPartition.GetNoLimiter(""));
        });
        return services;
    }

    private static bool IsWrite(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) || HttpMethods.IsPut(context.Request.Method) || HttpMethods.IsPatch(context.Request.Method)
        || HttpMethods.IsDelete(context.Request.Method);

    private static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    private static RateLimitPartition<string> Bucket(string key, int burst, int perSecond) => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = burst,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
        AutoReplenishment = true,
    });

    private static async ValueTask Reject(OnRejectedContext rejected, CancellationToken ct)
    {
        var seconds = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
        rejected.HttpContext.Response.Headers.RetryAfter = $"{seconds}";
        await ProblemDetailsExtensions.Make(429, "TOO_MANY_REQUESTS", $"There were too many requests. Try again in {seconds} s.").Write(rejected.HttpContext);
    }
}
