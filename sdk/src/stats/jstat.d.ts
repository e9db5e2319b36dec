/** What foldlab uses of jstat, which ships no types. */
declare module 'jstat' {
  interface Jstat {
    readonly gammaln: (x: number) => number;
    readonly normal: {
      cdf(x: number, mean: number, sd: number): number;
      inv(p: number, mean: number, sd: number): number;
    };
    readonly chisquare: {
      cdf(x: number, df: number): number;
      inv(p: number, df: number): number;
    };
    readonly studentt: { inv(p: number, df: number): number };
  }
  const jstat: { readonly jStat: Jstat };
  export default jstat;
}
