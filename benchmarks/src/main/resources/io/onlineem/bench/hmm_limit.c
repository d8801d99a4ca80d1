/* The native reference of a hidden Markov model with full-covariance Gaussians: records of one sequence come one by one; each
 * is filtered at once, and learned from in blocks of B with L records of look-ahead, by forward-backward from the carried
 * filter distribution. Fixed parameters, no M-step; one core, states as the innermost index.
 * cc -O3 -march=native -ffast-math -o hmm_limit hmm_limit.c -lm ; ./hmm_limit d K B L records */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
static double now(void){struct timespec t;clock_gettime(CLOCK_MONOTONIC,&t);return t.tv_sec+1e-9*t.tv_nsec;}
static int d,K,P;
static double *W,*mu,*A,*lw; /* W: lower triangle of the inverse factor, entry by entry, all states of each */
/* densities of a record over the largest one, whose logarithm is returned */
static double densities(const double*x,double*f){
  double y[K*d],q[K],t[K],m=-1e300;
  for(int j=0;j<d;j++)for(int k=0;k<K;k++)y[j*K+k]=x[j]-mu[j*K+k];
  for(int k=0;k<K;k++)q[k]=0;
  for(int j=0,p=0;j<d;j++){for(int k=0;k<K;k++)t[k]=0;
    for(int l=0;l<=j;l++,p++)for(int k=0;k<K;k++)t[k]+=W[p*K+k]*y[l*K+k];
    for(int k=0;k<K;k++)q[k]+=t[k]*t[k];}
  for(int k=0;k<K;k++){f[k]=lw[k]-0.5*q[k];m=f[k]>m?f[k]:m;}
  for(int k=0;k<K;k++)f[k]=exp(f[k]-m);
  return m;
}
/* from the filter distribution p to that of the next record, its logarithm left to the caller */
static double forward(const double*p,const double*f,double*next){
  double s=0,u[K];
  for(int j=0;j<K;j++)u[j]=0;
  for(int i=0;i<K;i++)for(int j=0;j<K;j++)u[j]+=p[i]*A[i*K+j];
  for(int j=0;j<K;j++){u[j]*=f[j];s+=u[j];}
  for(int j=0;j<K;j++)next[j]=u[j]/s;
  return s;
}
int main(int c,char**v){
  d=atoi(v[1]),K=atoi(v[2]);int B=atoi(v[3]),L=atoi(v[4]),N=atoi(v[5]),T=B+L;P=d*(d+1)/2;
  double*x=malloc(8L*N*d);W=calloc(K*P,8);mu=calloc(K*d,8);lw=calloc(K,8);A=calloc(K*K,8);
  double*S0=calloc(K*K,8),*S1=calloc(K*d,8),*S2=calloc(K*P,8);
  double*f=malloc(8L*K*T),*alpha=malloc(8L*K*(T+1)),*beta=malloc(8L*K),*e=malloc(8L*K),*g=malloc(8L*K),*p=malloc(8L*K),*carried=malloc(8L*K*N);
  srand(1);for(long i=0;i<(long)N*d;i++)x[i]=rand()/(double)RAND_MAX*6-3;
  for(int j=0,q=0;j<d;j++){for(int k=0;k<K;k++)mu[j*K+k]=rand()/(double)RAND_MAX*6-3;
    for(int l=0;l<=j;l++,q++)for(int k=0;k<K;k++)W[q*K+k]=l==j?1:0.01;}
  for(int i=0;i<K;i++)for(int j=0;j<K;j++)A[i*K+j]=K==1?1:i==j?0.9:0.1/(K-1);
  double ll=0,best[2]={1e9,1e9};
  for(int rep=0;rep<10;rep++){int learn=rep%2;double t0=now();
    for(int k=0;k<K;k++)p[k]=1.0/K;
    for(int t=0,begin=0;t<N;t++){
      memcpy(carried+(long)K*t,p,8*K);
      double h[K],m=densities(x+(long)t*d,h);
      ll+=m+log(forward(p,h,p));
      if(!learn||t+1<begin+T)continue;
      memcpy(alpha,carried+(long)K*begin,8*K);
      for(int i=0;i<T;i++){double m=densities(x+(long)(begin+i)*d,f+i*K);ll+=m+log(forward(alpha+i*K,f+i*K,alpha+(i+1)*K));}
      for(int k=0;k<K;k++)beta[k]=1;
      for(int i=T-1;i>=0;i--){const double*a=alpha+(i+1)*K,*b=alpha+i*K,*X=x+(long)(begin+i)*d;
        if(i<B){for(int k=0;k<K;k++)g[k]=a[k]*beta[k];
          for(int j=0,q=0;j<d;j++){for(int k=0;k<K;k++)S1[j*K+k]+=g[k]*X[j];
            for(int l=0;l<=j;l++,q++){double z=X[j]*X[l];for(int k=0;k<K;k++)S2[q*K+k]+=g[k]*z;}}}
        for(int k=0;k<K;k++){e[k]=f[i*K+k]*beta[k];beta[k]=0;}
        double s=0;
        for(int k=0;k<K;k++){double z=0;for(int j=0;j<K;j++)z+=A[k*K+j]*e[j];beta[k]=z;s+=b[k]*z;}
        for(int k=0;k<K;k++)beta[k]/=s;
        if(i<B)for(int k=0;k<K;k++){double z=b[k]/s;for(int j=0;j<K;j++)S0[k*K+j]+=z*A[k*K+j]*e[j];}}
      begin+=B;}
    double s=now()-t0;if(s<best[learn])best[learn]=s;}
  printf("native hmm d=%d K=%d filter %12.0f records/s, filter and learn %12.0f records/s (check %g %g)\n",d,K,N/best[0],N/best[1],ll,S0[0]+S1[0]+S2[0]);
}
