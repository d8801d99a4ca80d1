/* The native reference of online LDA: a plain port of Hoffman's onlineldavb.py (Hoffman, Blei and Bach 2010) to C, on the
 * documents that TopicsWorkload draws. E-step alone with fixed topics, then E-step, statistics, blending and new topics every B
 * documents; one core, the topics of a word side by side.
 * cc -O3 -march=native -ffast-math -o lda_limit lda_limit.c -lm ; ./lda_limit K V length B documents */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
static double now(void){struct timespec t;clock_gettime(CLOCK_MONOTONIC,&t);return t.tv_sec+1e-9*t.tv_nsec;}
static uint64_t state=1;
static double uniform(void){uint64_t z=state+=0x9E3779B97F4A7C15ULL;z=(z^(z>>30))*0xBF58476D1CE4E5B9ULL;z=(z^(z>>27))*0x94D049BB133111EBULL;return((z^(z>>31))>>11)*0x1p-53;}
static double digamma(double x){double s=0;while(x<6){s-=1/x;x++;}double r=1/x;s+=log(x)-r/2;r*=r;return s-r*(1/12.-r*(1/120.-r*(1/252.-r/240)));}
static int K,V;
static double *lambda,*eb; /* V x K */
static void prepare(void){
  double t[K];memset(t,0,sizeof t);
  for(int w=0;w<V;w++)for(int k=0;k<K;k++)t[k]+=lambda[w*K+k];
  for(int k=0;k<K;k++)t[k]=digamma(t[k]);
  for(int w=0;w<V;w++)for(int k=0;k<K;k++)eb[w*K+k]=exp(digamma(lambda[w*K+k])-t[k]);
}
/* gamma of a document; statistics too, if there are any */
static long estep(const int*word,const double*count,int n,double alpha,double*gamma,double*S){
  double th[K],u[K],r[n];long iterations=0;
  for(int k=0;k<K;k++)gamma[k]=1;
  for(int it=0;it<=100;it++){
    double sum=0,change=0;for(int k=0;k<K;k++)sum+=gamma[k];
    sum=digamma(sum);
    for(int k=0;k<K;k++)th[k]=exp(digamma(gamma[k])-sum);
    for(int k=0;k<K;k++)u[k]=0;
    for(int i=0;i<n;i++){const double*b=eb+(long)word[i]*K;double s=1e-100;
      for(int k=0;k<K;k++)s+=th[k]*b[k];
      r[i]=count[i]/s;
      for(int k=0;k<K;k++)u[k]+=r[i]*b[k];}
    if(it==100)break;
    for(int k=0;k<K;k++){double g=alpha+th[k]*u[k];change+=fabs(g-gamma[k]);gamma[k]=g;}
    iterations++;
    if(change<1e-3*K){ /* the shares of the last gamma, for the statistics */
      if(!S)break;
      it=99;}
  }
  if(S)for(int i=0;i<n;i++)for(int k=0;k<K;k++)S[(long)word[i]*K+k]+=r[i]*th[k]*eb[(long)word[i]*K+k];
  return iterations;
}
int main(int c,char**v){
  K=atoi(v[1]),V=atoi(v[2]);int L=atoi(v[3]),B=atoi(v[4]),N=atoi(v[5]);
  int*word=malloc(4L*N*L),*begin=malloc(4L*(N+1)),*seen=calloc(V,4);double*count=malloc(8L*N*L);
  lambda=malloc(8L*V*K);eb=malloc(8L*V*K);double*S=calloc(V*K,8),*M=calloc(V*K,8),*start=malloc(8L*V*K),*gamma=malloc(8L*K);
  for(long i=0;i<(long)V*K;i++)lambda[i]=1.0/K;
  int size=0;
  for(int d=0;d<N;d++){begin[d]=size;int topic[3];double share[3],total=0;
    for(int j=0;j<3;j++)topic[j]=(int)(uniform()*K);
    for(int j=0;j<3;j++)total+=share[j]=-log(1-uniform());
    for(int i=0;i<L;i++){double left=uniform()*total;int j=0;while(j<2&&left>=share[j])left-=share[j++];
      int rank=(int)exp(uniform()*log(V+1.0))-1,w=(int)((rank*7919L+topic[j]*1237L)%V);
      lambda[(long)w*K+topic[j]]++;
      if(!seen[w]||seen[w]<=begin[d]||word[seen[w]-1]!=w){word[size]=w;count[size++]=1;seen[w]=size;}else count[seen[w]-1]++;}}
  begin[N]=size;memcpy(start,lambda,8L*V*K);
  double best[2]={1e9,1e9},check=0;long iterations=0;
  for(int rep=0;rep<6;rep++){int learn=rep%2;
    memcpy(lambda,start,8L*V*K);prepare();for(long i=0;i<(long)V*K;i++)M[i]=(lambda[i]-1.0/K)/N;
    double t0=now();
    for(int d=0;d<N;d++){
      long done=estep(word+begin[d],count+begin[d],begin[d+1]-begin[d],1.0/K,gamma,learn?S:0);if(rep==0)iterations+=done;check+=gamma[0];
      if(learn&&(d+1)%B==0){double rho=pow(1000+d,-0.9)*B;
        for(long i=0;i<(long)V*K;i++){M[i]=(1-rho)*M[i]+rho*S[i]/B;S[i]=0;lambda[i]=1.0/K+(N+d+1)*M[i];}
        prepare();}}
    double s=now()-t0;if(s<best[learn])best[learn]=s;}
  printf("native lda K=%d V=%d E-step %12.0f records/s, E-step and learn %12.0f records/s (%.1f iterations, check %g)\n",K,V,N/best[0],N/best[1],(double)iterations/N,check);
}
